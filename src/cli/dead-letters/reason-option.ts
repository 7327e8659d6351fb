import { Option } from 'commander';
import { DEAD_LETTER_REASONS } from '../../domain/reason.js';

export const reasonOption = (meaning: string): Option =>
  new Option('--reason <reason>', meaning).choices(DEAD_LETTER_REASONS);
