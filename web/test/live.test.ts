import { expect, test, vi } from 'vitest'

vi.stubGlobal('location', { search: '', pathname: '/', origin: 'http://x' })
vi.stubGlobal('fetch', () => new Promise(() => {}))

test('an event counts for what the page shows of it', async () => {
  const { changesIn } = await import('../src/live')
  const changes = ['incidents', 'claims', 'sources'].map(collection => ({ collection, id: 'x' }))
  expect(changesIn(JSON.stringify({ revision: 3, changes }))).toBe(2)
  expect(changesIn(JSON.stringify({ revision: 3 }))).toBe(0)
  expect(changesIn('no JSON')).toBe(0)
})
