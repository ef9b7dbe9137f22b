// The help in Kyrgyz. What is not here stays English.
import type { HelpText } from './en-help'

export const help: Partial<HelpText> = {}
