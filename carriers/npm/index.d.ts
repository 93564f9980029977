// SPDX-License-Identifier: MIT

/** A function that the code in the sandbox may call. Arguments and result are JSON values. */
export type Tool = (...args: any[]) => unknown;

/** The path of the native program. ISO4_PATH in the environment names another one. */
export function iso4Path(): string;

/** A client of `iso4 serve`: JSON-RPC over its standard input and output. Methods and results: iso4-serve(7). */
export class Iso4 {
    constructor(tools: Record<string, Tool>, options?: string[], command?: string);
    request<T = any>(method: string, params: object): Promise<T>;
    /** Ends the input: serve finishes what it has begun, then exits. */
    close(): void;
}

/** Starts `iso4 serve OPTIONS` of this package, whose tools are functions of this process. */
export function serve(tools: Record<string, Tool>, ...options: string[]): Iso4;
