const text = 'the cat and the dog and the bird';

export default await words(text);
export const refused = await words(text.length).catch((error) => error.message.includes('words takes a text'));
