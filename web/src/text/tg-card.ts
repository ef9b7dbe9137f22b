// The cards of incidents and border segments in Tajik.
import { grammar } from './grammar'
import type { Text, Translation } from './index'

const { number, date, count } = grammar('tg')

export const card: Translation<Text> = {
  card: {
    label: 'Ҳодиса',
    close: 'Пӯшидан',
    previous: 'Ҳодисаи пешина дар рӯйхат',
    next: 'Ҳодисаи оянда дар рӯйхат',
    place: 'Ҷой',
    located: (precision, km) =>
      km === null ? precision : `${precision}, дар доираи тақрибан ${number(km)} км`,
    notLocated: 'Мухтасот нашр нашудааст; дар харита нест.',
    when: 'Кай',
    occurrence: 'Оё рӯй додааст',
    basis: 'Асос',
    basisText: (n, sources, origins) =>
      `${count(n, 'изҳорот')} дар ${count(sources, 'манбаъ')}; асли мустақил: ${number(origins)}`,
    partOf: 'Қисми',
    holds: 'Дар бар мегирад',
    related: 'Вобаста',
    note: 'Эзоҳ',
    parties: 'Тарафҳо',
    segment: 'Хатти наздиктарин дар харита',
    metres: m =>
      m < 1000
        ? `${number(Math.round(m / 10) * 10)} м аз ҷои дар харита`
        : `${number(Math.round(m / 100) / 10)} км аз ҷои дар харита`,
    claims: 'Чӣ изҳор шудааст',
    claimsHint:
      'Барои ҳар тарафе, ки сухан мегӯяд, як сутун, бо тартиби алифбои номҳо, ҳама дар як миқёс. Агар дар манбаъҳои мо аз он тараф рақам набошад, сутун холист.',
    statements: 'Изҳороти бе рақам',
    accounts: 'Ҳар тараф чӣ тавр нақл мекунад',
    sources: 'Манбаъҳо',
    page: 'Ин ҳодиса дар саҳифаи алоҳида',
    geojson: 'GeoJSON',
    noClaims: 'Ягон манбаъ рақам намегӯяд.',
    counted: party => `ҳисоб шудаанд: ${party}`,
    all: 'ҳамаи тарафҳо якҷо',
    others: 'Дигарон',
    othersHint:
      'онҳое, ки тарафи ҳодиса нестанд: матбуот, созмонҳои байналмилалӣ ва ғайриҳукуматӣ, номаълумон',
    empty: 'дар манбаъҳои мо рақам нест',
    superseded: 'иваз шудааст',
    saidOn: (value, on) => `${value} (${on})`,
    supersededBy: what => `иваз шуд бо: ${what}`,
    refuted: 'рад шудааст',
    withdrawn: 'бозпас гирифта шудааст',
    contradicts: what => `мухолифи: ${what}`,
    undated: 'сана гуфта нашудааст',
    sourceWord: 'Манбаъ',
    untitled: 'унвон сабт нашудааст',
    loading: 'Ҳодиса бор мешавад …',
    failed: 'Ҳодиса бор нашуд.',
    gone: 'Чунин ҳодиса нест.',
    newTab: 'дар варақаи нав кушода мешавад',
    scale: max => `миқёс аз 0 то ${max}`,
    cite: 'Нусхаи иқтибос',
    cited: 'Иқтибос нусха шуд',
    citation: c =>
      `${c.who}, ${c.said}: ${c.what}: ${c.value}. ${c.incident}, ${c.when}. Манбаъ: ${c.sources}. ` +
      `Изҳороти demarc ${c.id}${c.asof === null ? '' : `, маълум то санаи ${c.asof}`}. ${c.link}`,
    history: 'Рақамҳо чӣ тавр тағйир ёфтанд',
    historyHint:
      'Ҳар аломат изҳорот аст, дар рӯзи гуфта шуданаш. Аломатҳои пур эътибор доранд, холиҳо иваз, рад ё бозпас гирифта шудаанд. Рӯзеро интихоб кунед, то харитаро чунон бинед, ки он вақт маълум буд.',
    historyChart: (what, n, from, to) => `${what}: ${count(n, 'изҳорот')}, аз ${from} то ${to}`,
    seeAsof: day => `Нишон додани он чи то санаи ${day} маълум буд`,
    standing: n => count(n, 'изҳороти эътибордор'),
    fallen: n => `${count(n, 'изҳороти пештара')}, ивазшуда ё бозпас гирифташуда`,
    neighbours: 'Наздик аз рӯи ҷой ва вақт',
    around: (km, days) => `Дар доираи ${km} км ва ${days} рӯз пеш ва баъд`,
    noneAround: 'Ҳодисаи дигари ин қадар наздик нест.',
    awayKm: km => `дар масофаи ${km} км`,
    daysApart: n =>
      n === 0 ? 'дар ҳамон рӯз' : n < 0 ? `${count(-n, 'рӯз')} пеш` : `${count(n, 'рӯз')} баъд`,
    revisions: 'Таҳрирҳои ин сабт',
    copied: 'Нусха шуд',
    copyFailed: 'Нусхабардорӣ дар ин ҷо мумкин нест. Матн дар поён ҷудо шудааст.',
  },

  segment: {
    label: 'Қитъаи сарҳад',
    status: date => `Ҳолат дар санаи ${date}`,
    since: (from, to) =>
      from === null && to === null
        ? 'тамоми вақте ки ин хат дар харита аст'
        : [from === null ? '' : `аз ${date(from)}`, to === null ? '' : `то ${date(to)}`]
            .filter(Boolean)
            .join(' '),
    history: 'Ҳолат дар гузари вақт',
    line: 'Хат дар харита',
    names: 'Номҳо',
    failed: 'Қитъа бор нашуд.',
    gone: 'Чунин қитъа нест.',
    loading: 'Қитъа бор мешавад …',
    page: 'Ин қитъа дар саҳифаи алоҳида',
    other: day => `Ин хат дар санаи ${day} истифода намешавад.`,
    showOn: day => `Нишон додани сарҳад дар санаи ${day}`,
    nearHere: km => `Ҳодисаҳо дар доираи ${number(km)} км`,
  },
}
