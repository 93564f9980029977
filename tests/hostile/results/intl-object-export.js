// expect: ok 0
export default new Intl.NumberFormat('en');
