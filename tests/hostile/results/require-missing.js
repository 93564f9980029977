// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "require is not defined"
require('fs');
