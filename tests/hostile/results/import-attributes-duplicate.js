// expect: ERR_COMPILE 1
import data from 'x' with { type: 'json', type: 'json' };
