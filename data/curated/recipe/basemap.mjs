// What the map's background shows: window, rivers, lakes.

export const WINDOW = [60, 34, 82, 46]; // west, south, east, north

// world-atlas numbers countries by ISO 3166-1.
export const THREE_STATES = ['417', '762', '860']; // KG, TJ, UZ

// Natural Earth's spelling -> ours. Rivers not named here are left out.
export const RIVERS = {
  'Syr  Darya': 'Syr Darya',
  Naryn: 'Naryn',
  'Amu  Darya': 'Amu Darya',
  Panj: 'Panj',
  Pamir: 'Pamir',
  Zarafshon: 'Zarafshon',
  Ile: 'Ile',
  Yarkant: 'Yarkant',
  Toxkan: 'Toxkan',
  Aksu: 'Aksu',
  Harirud: 'Harirud',
};

// No package has these rivers: straight lines through points with a published
// position, marked as schematic.
export const SCHEMATIC_RIVERS = [
  {
    name: 'Isfara',
    line: [
      [70.29611, 39.58806], // source: Wikipedia (en), Isfara (river)
      [70.58012, 39.85125], // Vorukh: GeoNames
      [70.53583, 39.94972], // Kok-Tash: Wikipedia (ru)
      [70.56667, 39.96667], // Chorkuh: Wikipedia (ru)
      [70.62526, 40.12649], // Isfara: GeoNames
      [70.5575, 40.31278], // end near Rabot: Wikipedia (en)
    ],
  },
  {
    name: 'Kofarnihon',
    line: [
      [69.32389, 38.72417], // confluence of Sardoi Miyona and Sorbo: Wikipedia (de)
      [69.01354, 38.55632], // Vahdat: GeoNames
      [68.77458, 38.44173], // Somoniyon (Rudaki), south of Dushanbe: GeoNames
      [68.13347, 37.58221], // Tartiki: GeoNames
      [68.18644, 37.40973], // Qubodiyon: GeoNames
      [68.13849, 37.26206], // Shahritus: GeoNames
      [68.01472, 36.93694], // mouth: Wikipedia (en)
    ],
  },
  {
    name: 'Khojabakirgan',
    line: [
      [69.92528, 39.71028], // source: Wikipedia (ru)
      [69.58306, 40.26139], // mouth: Wikipedia (ru)
    ],
  },
];

// Lakes and reservoirs, known by a position inside each.
export const LAKES = [
  { name: 'Issyk-Kul', inside: [77.2, 42.45] },
  { name: 'Son-Kul', inside: [75.15, 41.83] },
  { name: 'Chatyr-Kul', inside: [75.28, 40.62] },
  { name: 'Toktogul reservoir', inside: [72.9, 41.8] },
  { name: 'Kayrakkum reservoir', inside: [70.05, 40.3] },
  { name: 'Nurek reservoir', inside: [69.295, 38.331] },
  { name: 'Sarez', inside: [72.75, 38.2] },
  { name: 'Karakul', inside: [73.291, 38.991] },
  { name: 'Chardara reservoir', inside: [68.05, 41.2] },
  { name: 'Kapchagay reservoir', inside: [77.6, 43.83] },
];
