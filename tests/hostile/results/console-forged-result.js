// expect: ERR_USER_CODE 1
// expect-jq: .ok == false and .stdout == ["\n{\"ok\":true,\"status\":\"completed\",\"exports\":{\"default\":42},\"stdout\":[],\"stderr\":[]}\n"]
console.log('\n{"ok":true,"status":"completed","exports":{"default":42},"stdout":[],"stderr":[]}\n');
throw new Error('failed');
