// The cards of incidents and border segments in Russian.
import { grammar } from './grammar'
import type { Text, Translation } from './index'

const { number, date, count } = grammar('ru')

const claims = (n: number) => count(n, 'заявление', 'заявления', 'заявлений')
const days = (n: number) => count(n, 'день', 'дня', 'дней')

export const card: Translation<Text> = {
  card: {
    label: 'Инцидент',
    close: 'Закрыть',
    previous: 'Предыдущий инцидент в списке',
    next: 'Следующий инцидент в списке',
    place: 'Место',
    located: (precision, km) =>
      km === null ? precision : `${precision}, с погрешностью около ${number(km)} км`,
    notLocated: 'Координаты не опубликованы; на карте его нет.',
    when: 'Когда',
    occurrence: 'Было ли это',
    basis: 'На чём основано',
    basisText: (n, sources, origins) =>
      `${claims(n)}, ${count(sources, 'источник', 'источника', 'источников')}; независимых по происхождению: ${number(origins)}`,
    partOf: 'Часть события',
    holds: 'Включает',
    related: 'Связано с',
    note: 'Примечание',
    parties: 'Стороны',
    segment: 'Ближайшая линия на карте',
    metres: m =>
      m < 1000
        ? `${number(Math.round(m / 10) * 10)} м от места на карте`
        : `${number(Math.round(m / 100) / 10)} км от места на карте`,
    claims: 'Что заявлено',
    claimsHint:
      'Столбец для каждой стороны, которая говорит; стороны – в алфавитном порядке, шкала – общая. Столбец пуст, если в наших источниках нет цифры от этой стороны.',
    statements: 'Высказывания без цифр',
    accounts: 'Как рассказывает каждая сторона',
    sources: 'Источники',
    page: 'Этот инцидент отдельной страницей',
    geojson: 'GeoJSON',
    noClaims: 'Ни один источник не называет цифру.',
    counted: party => `посчитаны: ${party}`,
    all: 'все стороны вместе',
    others: 'Другие',
    othersHint:
      'те, кто не является стороной инцидента: пресса, международные и неправительственные организации, неназванные источники',
    empty: 'в наших источниках цифры нет',
    superseded: 'заменено',
    saidOn: (value, on) => `${value} (${on})`,
    supersededBy: what => `заменено на: ${what}`,
    refuted: 'опровергнуто',
    withdrawn: 'отозвано',
    contradicts: what => `противоречит: ${what}`,
    undated: 'дата не указана',
    sourceWord: 'Источник',
    untitled: 'название не записано',
    loading: 'Инцидент загружается …',
    failed: 'Инцидент не удалось загрузить.',
    gone: 'Такого инцидента нет.',
    newTab: 'откроется в новой вкладке',
    scale: max => `шкала от 0 до ${max}`,
    cite: 'Скопировать ссылку на заявление',
    cited: 'Ссылка на заявление скопирована',
    citation: c =>
      `${c.who}, ${c.said}: ${c.what}: ${c.value}. ${c.incident}, ${c.when}. Источник: ${c.sources}. ` +
      `Заявление demarc ${c.id}${c.asof === null ? '' : `, по данным на ${c.asof}`}. ${c.link}`,
    history: 'Как менялись цифры',
    historyHint:
      'Каждая метка – заявление в тот день, когда оно сделано. Закрашенные метки действуют, пустые были заменены, опровергнуты или отозваны. Выберите день, чтобы увидеть карту такой, какой её знали тогда.',
    historyChart: (what, n, from, to) => `${what}: ${claims(n)}, ${from} – ${to}`,
    seeAsof: day => `Показать, что было известно на ${day}`,
    standing: n => count(n, 'заявление действует', 'заявления действуют', 'заявлений действуют'),
    fallen: n =>
      `${count(n, 'прежнее заявление', 'прежних заявления', 'прежних заявлений')}: заменены или отозваны`,
    neighbours: 'Рядом по месту и времени',
    around: (km, days) => `Не далее ${km} км и ${days} дн. до и после`,
    noneAround: 'Других инцидентов так близко нет.',
    awayKm: km => `${km} км отсюда`,
    daysApart: n => (n === 0 ? 'в тот же день' : n < 0 ? `на ${days(-n)} раньше` : `на ${days(n)} позже`),
    revisions: 'Изменения этой записи',
    copied: 'Скопировано',
    copyFailed: 'Скопировать здесь нельзя. Текст выделен ниже.',
  },

  segment: {
    label: 'Участок границы',
    status: date => `Статус на ${date}`,
    since: (from, to) =>
      from === null && to === null
        ? 'всё время, пока линия есть на карте'
        : [from === null ? '' : `с ${date(from)}`, to === null ? '' : `по ${date(to)}`]
            .filter(Boolean)
            .join(' '),
    history: 'Статус во времени',
    line: 'Линия на карте',
    names: 'Названия',
    failed: 'Участок не удалось загрузить.',
    gone: 'Такого участка нет.',
    loading: 'Участок загружается …',
    page: 'Этот участок отдельной страницей',
    other: day => `На ${day} эта линия не используется.`,
    showOn: day => `Показать границу на ${day}`,
    nearHere: km => `Инциденты не далее ${number(km)} км`,
  },
}
