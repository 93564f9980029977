// expect: ERR_USER_CODE 1
// expect-jq: .stdout == ["name"]
throw { get name() { console.log('name'); return 'N'; }, message: 'm' };
