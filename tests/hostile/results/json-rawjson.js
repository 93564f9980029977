// expect: ok 0
// expect-jq: .exports == {default: "forged\",\"x"}
export default JSON.rawJSON ? JSON.rawJSON('"forged\\",\\"x"') : { rawJSON: 'none' };
