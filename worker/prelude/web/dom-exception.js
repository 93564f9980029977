// SPDX-License-Identifier: MIT
// dom-exception.js - DOMException. Its objects are real errors of V8, so that
// they have a stack, and so that Error.isError() says yes.

import {
    Error,
    ErrorCaptureStackTrace,
    ErrorPrototype,
    NumberIsFinite,
    ObjectSetPrototypeOf,
    RangeError,
    ReflectConstruct,
    TypeError,
} from '../primordials.js';
import { brand, needs } from './brand.js';
import { asInterface, constants, dictionary } from './webidl.js';

const codes = {
    __proto__: null,
    IndexSizeError: 1,
    HierarchyRequestError: 3,
    WrongDocumentError: 4,
    InvalidCharacterError: 5,
    NoModificationAllowedError: 7,
    NotFoundError: 8,
    NotSupportedError: 9,
    InUseAttributeError: 10,
    InvalidStateError: 11,
    SyntaxError: 12,
    InvalidModificationError: 13,
    NamespaceError: 14,
    InvalidAccessError: 15,
    TypeMismatchError: 17,
    SecurityError: 18,
    NetworkError: 19,
    AbortError: 20,
    URLMismatchError: 21,
    QuotaExceededError: 22,
    TimeoutError: 23,
    InvalidNodeTypeError: 24,
    DataCloneError: 25,
};

class Return {
    constructor(object) {
        return object;
    }
}

class Slots extends Return {
    #message;
    #name;

    static put(error, message, name) {
        const slots = new Slots(error);
        slots.#message = message;
        slots.#name = name;
    }
    static message(error) {
        return error.#message;
    }
    static name(error) {
        return error.#name;
    }
    static are(value) {
        return #name in value;
    }
}
const { are, message: messageOf, name: nameOf, put } = Slots;

export { are as isDOMException }; // of an object

export class DOMException {
    constructor(message = '', name = 'Error') {
        message = `${message}`;
        name = `${name}`;
        // V8 keeps the message for the first line of the stack, and reads the name when the stack is read.
        const error = ReflectConstruct(Error, [message], new.target);
        delete error.message;
        put(error, message, name);
        ErrorCaptureStackTrace(error, new.target);
        return error;
    }

    get name() {
        needs(DOMException, this, 'name');
        return nameOf(this);
    }
    get message() {
        needs(DOMException, this, 'message');
        return messageOf(this);
    }
    get code() {
        needs(DOMException, this, 'code');
        return codes[nameOf(this)] ?? 0;
    }
}

ObjectSetPrototypeOf(DOMException.prototype, ErrorPrototype);
brand(DOMException, are);
asInterface(DOMException, 'DOMException');

export class QuotaExceededError extends DOMException {
    #quota;
    #requested;

    constructor(message = '', options = undefined) {
        super(message, 'QuotaExceededError');
        const { quota, requested } = dictionary(options, 'the second argument of QuotaExceededError');
        this.#quota = quota === undefined ? null : amount(quota, 'quota');
        this.#requested = requested === undefined ? null : amount(requested, 'requested');
    }
    get quota() {
        return this.#quota;
    }
    get requested() {
        return this.#requested;
    }
}
asInterface(QuotaExceededError, 'QuotaExceededError');

function amount(value, what) {
    const number = +value;
    if (!NumberIsFinite(number)) throw new TypeError(`QuotaExceededError: ${what} is not a finite number`);
    if (number < 0) throw new RangeError(`QuotaExceededError: ${what} is negative`);
    return number;
}

constants(DOMException, {
    INDEX_SIZE_ERR: 1,
    DOMSTRING_SIZE_ERR: 2,
    HIERARCHY_REQUEST_ERR: 3,
    WRONG_DOCUMENT_ERR: 4,
    INVALID_CHARACTER_ERR: 5,
    NO_DATA_ALLOWED_ERR: 6,
    NO_MODIFICATION_ALLOWED_ERR: 7,
    NOT_FOUND_ERR: 8,
    NOT_SUPPORTED_ERR: 9,
    INUSE_ATTRIBUTE_ERR: 10,
    INVALID_STATE_ERR: 11,
    SYNTAX_ERR: 12,
    INVALID_MODIFICATION_ERR: 13,
    NAMESPACE_ERR: 14,
    INVALID_ACCESS_ERR: 15,
    VALIDATION_ERR: 16,
    TYPE_MISMATCH_ERR: 17,
    SECURITY_ERR: 18,
    NETWORK_ERR: 19,
    ABORT_ERR: 20,
    URL_MISMATCH_ERR: 21,
    QUOTA_EXCEEDED_ERR: 22,
    TIMEOUT_ERR: 23,
    INVALID_NODE_TYPE_ERR: 24,
    DATA_CLONE_ERR: 25,
});
