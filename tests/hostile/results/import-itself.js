// expect: ERR_MODULE_NOT_FOUND 1
import * as me from 'agent.js';
