// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "\"},\"stdout\":[],\"ok\":true,\"x\":{\"a\":\""
throw new Error('"},"stdout":[],"ok":true,"x":{"a":"');
