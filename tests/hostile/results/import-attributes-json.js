// expect: ERR_MODULE_NOT_FOUND 1
import data from '/etc/passwd' with { type: 'json' };
