// expect: ERR_COMPILE 1
import source x from 'x.wasm';
