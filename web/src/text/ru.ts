// Russian. What is not here stays English.
import type { Text, Translation } from './index'

export const text: Translation<Text> = {}
