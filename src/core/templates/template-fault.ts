/** One thing wrong with a template. `offset` counts characters from its beginning. */
export interface TemplateFault {
  rule: 'template_syntax' | 'unknown_variable' | 'unknown_filter' | 'filter_argument' | 'misplaced_secret';
  message: string;
  hint: string | null;
  offset: number;
}
