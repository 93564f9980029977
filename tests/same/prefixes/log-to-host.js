// A console that calls a function of the host.
const { log } = console;
console.log = (...args) => {
    notify(args.length);
    log('noted', ...args);
};
