// Every object is a thenable that never settles.
Object.prototype.then = function () {};
