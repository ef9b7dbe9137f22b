// The cards of incidents and border segments in Kyrgyz.
import { grammar } from './grammar'
import type { Text, Translation } from './index'

const { number, date, count } = grammar('ky')

export const card: Translation<Text> = {
  card: {
    label: 'Окуя',
    close: 'Жабуу',
    previous: 'Тизмедеги мурунку окуя',
    next: 'Тизмедеги кийинки окуя',
    place: 'Жери',
    located: (precision, km) =>
      km === null ? precision : `${precision}, болжол менен ${number(km)} км чегинде`,
    notLocated: 'Координатасы жарыяланган эмес; картада жок.',
    when: 'Качан',
    occurrence: 'Ушундай болгонбу',
    basis: 'Эмнеге таянат',
    basisText: (n, sources, origins) =>
      `${count(n, 'билдирүү')}, ${count(sources, 'булак')}; теги көз карандысыз: ${number(origins)}`,
    partOf: 'Кайсы окуянын бөлүгү',
    holds: 'Ичине алат',
    related: 'Байланыштуу',
    note: 'Эскертүү',
    parties: 'Тараптар',
    segment: 'Картадагы эң жакын сызык',
    metres: m =>
      m < 1000
        ? `картадагы жерден ${number(Math.round(m / 10) * 10)} м`
        : `картадагы жерден ${number(Math.round(m / 100) / 10)} км`,
    claims: 'Эмне айтылган',
    claimsHint:
      'Айткан ар бир тарапка бир мамыча, аттарынын алфавит тартибинде, баары бир шкалада. Биздин булактарда ал тараптан сан жок болсо, мамыча бош.',
    statements: 'Сансыз айтылгандар',
    accounts: 'Ар бири кандай айтат',
    sources: 'Булактар',
    page: 'Бул окуя өзүнчө барак катары',
    geojson: 'GeoJSON',
    noClaims: 'Эч бир булак сан айтпайт.',
    counted: party => `эсептелген: ${party}`,
    all: 'бардык тараптар чогуу',
    others: 'Башкалар',
    othersHint:
      'окуянын тарабы болбогондор: басма сөз, эл аралык жана өкмөттүк эмес уюмдар, аты аталбагандар',
    empty: 'биздин булактарда сан жок',
    superseded: 'алмаштырылган',
    saidOn: (value, on) => `${value} (${on})`,
    supersededBy: what => `муну менен алмаштырылган: ${what}`,
    refuted: 'төгүндөлгөн',
    withdrawn: 'кайтарып алынган',
    contradicts: what => `буга каршы: ${what}`,
    undated: 'күнү айтылган эмес',
    sourceWord: 'Булак',
    untitled: 'аталышы жазылган эмес',
    loading: 'Окуя жүктөлүүдө …',
    failed: 'Окуя жүктөлгөн жок.',
    gone: 'Мындай окуя жок.',
    newTab: 'жаңы өтмөктө ачылат',
    scale: max => `шкала: 0–${max}`,
    cite: 'Шилтеме-цитатаны көчүрүү',
    cited: 'Шилтеме-цитата көчүрүлдү',
    citation: c =>
      `${c.who}, ${c.said}: ${c.what}: ${c.value}. ${c.incident}, ${c.when}. Булак: ${c.sources}. ` +
      `demarc билдирүүсү ${c.id}${c.asof === null ? '' : `, белгилүү болгон күн: ${c.asof}`}. ${c.link}`,
    history: 'Сандар кантип өзгөргөн',
    historyHint:
      'Ар бир белги – билдирүү, ал жасалган күндө турат. Ичи толгон белгилер күчүндө; ичи боштору алмаштырылган, төгүндөлгөн же кайтарып алынган. Картаны ошол кезде белгилүү болгондой көрүү үчүн күндү тандаңыз.',
    historyChart: (what, n, from, to) => `${what}: ${count(n, 'билдирүү')}, ${from} – ${to}`,
    seeAsof: day => `${day} күнү эмне белгилүү болгонун көрсөтүү`,
    standing: n => count(n, 'билдирүү күчүндө'),
    fallen: n => `мурунку ${count(n, 'билдирүү')} алмаштырылган же кайтарып алынган`,
    neighbours: 'Жери жана убактысы жакын',
    around: (km, days) => `${km} км чегинде, ${days} күн мурда жана кийин`,
    noneAround: 'Мынчалык жакын башка окуя жок.',
    awayKm: km => `${km} км алыс`,
    daysApart: n =>
      n === 0 ? 'ошол эле күнү' : n < 0 ? `${count(-n, 'күн')} мурда` : `${count(n, 'күн')} кийин`,
    revisions: 'Бул жазуунун өзгөртүүлөрү',
    copied: 'Көчүрүлдү',
    copyFailed: 'Бул жерде көчүрүүгө болбойт. Текст төмөндө белгиленген.',
  },

  segment: {
    label: 'Чек ара участогу',
    status: date => `Абалы: ${date}`,
    since: (from, to) =>
      from === null && to === null
        ? 'бул сызык картада турган бүт мезгилде'
        : `${from === null ? '…' : date(from)} – ${to === null ? '…' : date(to)}`,
    history: 'Абалынын өзгөрүшү',
    line: 'Картадагы сызык',
    names: 'Аталыштары',
    failed: 'Участок жүктөлгөн жок.',
    gone: 'Мындай участок жок.',
    loading: 'Участок жүктөлүүдө …',
    page: 'Бул участок өзүнчө барак катары',
    other: day => `Бул сызык ${day} күнү колдонулбайт.`,
    showOn: day => `Чек араны ${day} күнүндөгүдөй көрсөтүү`,
    nearHere: km => `${number(km)} км чегиндеги окуялар`,
  },
}
