// expect: ERR_COMPILE 1
1;
#!/bin/sh
