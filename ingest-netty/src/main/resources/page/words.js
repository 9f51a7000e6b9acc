// The words of PromQL, for completion and colours.

export const FUNCTIONS = {
  abs: 'absolute value', absent: '1 where no series is', absent_over_time: '1 where no series was in the range',
  acos: '', acosh: '', asin: '', asinh: '', atan: '', atanh: '',
  avg_over_time: 'average of the range', ceil: 'rounded up', changes: 'how often the value changed',
  clamp: 'kept between two values', clamp_max: 'kept below a value', clamp_min: 'kept above a value', cos: '', cosh: '',
  count_over_time: 'number of samples in the range', day_of_month: '1 to 31', day_of_week: '0 (Sunday) to 6',
  day_of_year: '1 to 366', days_in_month: '28 to 31', deg: 'radians to degrees',
  delta: 'last less first, extrapolated', deriv: 'slope a second, by regression',
  double_exponential_smoothing: 'smoothed with trend', end: 'end of the query', exp: 'e to the power',
  first_over_time: 'oldest value of the range', floor: 'rounded down', histogram_avg: '', histogram_count: '',
  histogram_fraction: 'share of observations between two values',
  histogram_quantile: 'quantile of a histogram', histogram_stddev: '', histogram_stdvar: '', histogram_sum: '',
  hour: '0 to 23', idelta: 'last less last but one', increase: 'how much a counter grew',
  info: 'adds labels of info metrics', irate: 'rate of the last two samples', label_join: 'joins labels into one',
  label_replace: 'makes a label by a regular expression', last_over_time: 'newest value of the range', ln: 'natural logarithm',
  log10: '', log2: '', mad_over_time: 'median absolute deviation of the range', max_of: 'greater of two',
  max_over_time: 'greatest of the range', min_of: 'smaller of two', min_over_time: 'smallest of the range',
  minute: '0 to 59', month: '1 to 12', pi: '3.14159…', predict_linear: 'value in so many seconds, by regression',
  present_over_time: '1 where a sample was in the range', quantile_over_time: 'quantile of the range',
  rad: 'degrees to radians', range: 'length of the query', rate: 'growth a second of a counter',
  resets: 'how often a counter was reset', round: 'rounded, to multiples of a value', scalar: 'the one series as a number',
  sgn: '−1, 0 or 1', sin: '', sinh: '', sort: 'smallest first', sort_by_label: 'by values of labels',
  sort_by_label_desc: 'by values of labels, backwards', sort_desc: 'greatest first', sqrt: 'square root',
  start: 'start of the query', stddev_over_time: 'standard deviation of the range', stdvar_over_time: 'variance of the range',
  step: 'step of the query', sum_over_time: 'sum of the range', tan: '', tanh: '', time: 'seconds since 1970',
  timestamp: 'time of each sample', ts_of_first_over_time: 'time of the oldest', ts_of_last_over_time: 'time of the newest',
  ts_of_max_over_time: 'time of the greatest', ts_of_min_over_time: 'time of the smallest',
  vector: 'a number as a series', year: 'of the time, in UTC',
};

export const AGGREGATIONS = {
  avg: 'average', bottomk: 'the smallest so many', count: 'how many', count_values: 'how many of each value',
  group: '1 for each group', limit_ratio: 'a share of the series', limitk: 'so many of the series', max: 'greatest',
  min: 'smallest', quantile: 'quantile of the series', stddev: 'standard deviation', stdvar: 'variance', sum: 'sum',
  topk: 'the greatest so many',
};

/** Words after which labels stand in parentheses. */
export const GROUPING = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'];

export const KEYWORDS = [...GROUPING, 'offset', 'and', 'or', 'unless', 'bool', 'atan2', 'inf', 'nan'];

export const DURATIONS = ['1m', '5m', '10m', '15m', '30m', '1h', '6h', '1d', '7d'];
