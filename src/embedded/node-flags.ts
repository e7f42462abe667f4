/**
 * How our processes run: a batch of two hundred runs fits into a young generation of three times 32 MB, so that most of it is
 * dropped at once instead of being copied. https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */
export const nodeFlags = ['--max-semi-space-size=32'];
