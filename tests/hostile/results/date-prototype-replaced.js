// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "mine"
Date.prototype.toISOString = () => { throw new Error('mine'); };
export default new Date(0);
