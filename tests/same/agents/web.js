const u = new URL('https://example.org/a?b=c#d');
const body = await new Response(new Blob(['text'])).text();
export default [u.searchParams.get('b'), body, structuredClone({ a: new Date(0), b: new Map([[1, 2]]) }), atob(btoa('x')), new TextDecoder().decode(new TextEncoder().encode('é'))];
