// An incident as a line of a list in a popup: its symbol, when it was, and what it is called.
import type { Incident } from '../api'
import { incidentDates } from '../figures'
import { state } from '../store'
import { lookOf } from '../symbols'
import { recorded, text } from '../text'
import { IncidentIcon } from './icons'

export function IncidentLine({ of }: { of: Incident['properties'] }) {
  return (
    <>
      <IncidentIcon look={lookOf(of, state.value.metric)} max={24} />
      <span>
        <span class="soft">{incidentDates(of, text())}</span>
        <br />
        <span lang={recorded}>{of.title}</span>
      </span>
    </>
  )
}
