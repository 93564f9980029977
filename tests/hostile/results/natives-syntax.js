// expect: ERR_COMPILE 1
%DebugPrint(1);
