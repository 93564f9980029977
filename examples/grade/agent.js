// An answer of a model to "export a function slug(text)". It keeps dashes at both ends.
export const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
