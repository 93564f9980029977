// SPDX-License-Identifier: MIT
// Checks a hundred records, of which some are wrong.
const User = z.object({
    id: z.number(),
    name: z.string(),
    mail: z.email(),
    role: z.enum(['admin', 'user']),
    tags: z.array(z.string()),
});
const users = Array.from({ length: 100 }, (_, id) => ({
    id,
    name: `user ${id}`,
    mail: id % 10 ? `user${id}@example.com` : 'absent',
    role: 'user',
    tags: ['a', 'b'],
}));
const results = users.map((user) => User.safeParse(user));

export default { good: results.filter((result) => result.success).length, of: results.length };
