#!/bin/sh
# Real libraries as declared imports (tests/libraries): precompiled once, imported by agents without being evaluated.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# Every library says when it is evaluated.
libraries='acorn date-fns lodash-es zod'
have=''
if test -n "${LIBRARIES:-}" && test -d "$LIBRARIES/modules"; then
    have=1
    for name in $libraries; do
        { cat "$LIBRARIES/modules/$name.js" && echo "console.log('evaluated $name');"; } >"$name.js"
    done
fi

# imported: libraries.snap, whose prefix has imported all of them; false, and a skipped test, without bundles
imported() {
    if test -z "$have"; then
        skip 'LIBRARIES names no directory with modules'
        return 1
    fi
    test -e libraries.snap && return
    for name in $libraries; do echo "import '$name';"; done >prefix.js
    iso precompile prefix.js -o libraries.snap -I acorn=acorn.js -I date-fns=date-fns.js -I lodash-es=lodash-es.js -I zod=zod.js
    exits 0
    json .stdout '["evaluated acorn","evaluated date-fns","evaluated lodash-es","evaluated zod"]'
}

test_that 'zod: import { z } finds it evaluated'
if imported; then
    agent 'import { z } from "zod"; const User = z.object({ name: z.string(), tags: z.array(z.string()).default([]) }); export default User.parse({ name: "Ada", more: 1 });' -s libraries.snap
    completes '{"default":{"name":"Ada","tags":[]}}'
fi

test_that 'zod: the default export, the namespace and import() are of one instance'
if imported; then
    agent 'import z, { ZodError } from "zod"; import * as ns from "zod"; const later = await import("zod");
    const r = z.string().safeParse(1); export default [z === ns.z || z === ns.default, later === ns, r.error instanceof later.ZodError, ZodError === later.ZodError];' -s libraries.snap
    completes '{"default":[true,true,true,true]}'
fi

test_that 'zod: an uncaught error names the line of the agent'
if imported; then
    agent 'import { z } from "zod";
z.number().parse("no");' -s libraries.snap
    fails ERR_USER_CODE
    json '.error | [.name, .line]' '["ZodError",2]'
fi

test_that 'lodash-es: named imports and the default'
if imported; then
    agent 'import _, { chunk, groupBy, camelCase } from "lodash-es"; export default [chunk([1, 2, 3], 2), groupBy([1.2, 1.8, 2.1], Math.floor), camelCase("Foo bar"), _.chunk === chunk, _([3, 1]).sortBy().value()];' -s libraries.snap
    completes '{"default":[[[1,2],[3]],{"1":[1.2,1.8],"2":[2.1]},"fooBar",true,[1,3]]}'
fi

test_that 'date-fns: dates of the run'
if imported; then
    agent 'import { addDays, format, differenceInDays } from "date-fns"; const d = new Date(2024, 1, 28); export default [format(addDays(d, 2), "yyyy-MM-dd"), differenceInDays(addDays(d, 30), d), Math.abs(Date.now() - new Date()) < 1000];' -s libraries.snap
    completes '{"default":["2024-03-01",30,true]}'
fi

test_that 'acorn: an agent parses code'
if imported; then
    agent 'import { parse, tokenizer } from "acorn"; const { body } = parse("let a = 1; import b from `c`;".replaceAll("`", "\""), { ecmaVersion: "latest", sourceType: "module" }); export default [body.map((n) => n.type), [...tokenizer("1 + 2", { ecmaVersion: 2022 })].length];' -s libraries.snap
    completes '{"default":[["VariableDeclaration","ImportDeclaration"],3]}'
fi

test_that 'an agent that imports all of them evaluates none'
if imported; then
    agent 'import "acorn"; import "date-fns"; import "lodash-es"; import "zod"; await Promise.all(["acorn", "date-fns", "lodash-es", "zod"].map((name) => import(name))); export default 1;' -s libraries.snap
    completes '{"default":1}'
fi

test_that 'what the prefix did not import is evaluated by the agent that does'
if imported; then
    echo 'import "zod";' >prefix.js
    iso precompile prefix.js -o zod.snap -I zod=zod.js -I date-fns=date-fns.js
    exits 0
    json .stdout '["evaluated zod"]'
    agent 'import { z } from "zod"; import { addDays } from "date-fns"; export default [typeof z.string, typeof addDays];' -s zod.snap
    completes '{"default":["function","function"]}' '"evaluated date-fns"'
fi

test_that 'without a snapshot they are evaluated by every run'
if imported; then
    agent 'import { z } from "zod"; import { addDays } from "date-fns"; export default [z.string().parse("x"), addDays(0, 1).getTime()];' -I zod=zod.js -I date-fns=date-fns.js
    completes '{"default":["x",86400000]}' '"evaluated zod","evaluated date-fns"'
fi

test_that 'lodash-es finds the global object, so that an agent may evaluate it; where it makes functions of texts it may not'
if imported; then
    agent 'import { chunk } from "lodash-es"; export default chunk([1], 1);' -I lodash-es=lodash-es.js
    completes '{"default":[[1]]}' '"evaluated lodash-es"'
    agent 'import { template } from "lodash-es";
export default template("<%= a %>")({ a: 1 });' -I lodash-es=lodash-es.js
    fails ERR_USER_CODE
    json '[.error.name, (.error.stack | contains("lodash-es.js:"))]' '["EvalError",true]'
    iso run -I lodash-es=lodash-es.js --allow-eval agent.js
    completes '{"default":"1"}' '"evaluated lodash-es"'
fi

# zod finds out once whether it may generate code; what it learns from the prefix does not hold for agents.
test_that 'a source of the host makes schemas with zod, and agents use them'
if imported; then
    echo 'import { z } from "zod"; z.config({ jitless: true }); export const User = z.object({ id: z.number() });' >schemas.js
    echo 'import "app:schemas";' >prefix.js
    iso precompile prefix.js -o app.snap -I zod=zod.js -I app:schemas=schemas.js
    agent 'import { User } from "app:schemas"; import { ZodError } from "zod"; export default [User.parse({ id: 1 }), User.safeParse({}).error instanceof ZodError];' -s app.snap
    completes '{"default":[{"id":1},true]}'
fi

test_that 'with --no-eval zod finds in the prefix what is true for agents'
if imported; then
    echo 'import { z } from "zod"; globalThis.User = z.object({ id: z.number() }); User.parse({ id: 1 });' >prefix.js
    agent='import { z } from "zod"; export default z.object({ n: z.number() }).parse({ n: 2 });'
    iso precompile prefix.js -o may.snap -I zod=zod.js
    agent "$agent" -s may.snap
    fails ERR_USER_CODE
    json .error.name '"EvalError"'
    iso precompile prefix.js -o not.snap -I zod=zod.js --no-eval
    agent "$agent" -s not.snap
    completes '{"default":{"n":2}}'
fi

test_that 'a method of a library is called by its way'
if imported; then
    agent 'export * as _ from "lodash-es";' -s libraries.snap --call _.kebabCase --args '["Foo Bar"]'
    exits 0
    json .value '"foo-bar"'
fi

test_that 'the same libraries give the same snapshot'
if imported; then
    cp libraries.snap first.snap
    rm libraries.snap
    imported
    holds 'same bytes' cmp first.snap libraries.snap
fi

test_that 'iso4-api(7) lists the libraries that make test-libraries tries'
sed -n '/^\.Ss Libraries/,/^\.Ed/p' "$ROOT/man/iso4-api.7" >page
sed -n '/^\.Bd/,/^\.Ed/p' page | sed '/^\./d; s/\\-/-/g; s/,$//' >named
"$NODE" --input-type=module -e "import { libraries } from '$TESTS/libraries/many/libraries.mjs'; for (const [name, , needs] of libraries) console.log(name + (needs === 'eval' ? '*' : ''));" >tried
holds 'the same names' diff tried named
within 'libraries' "$(wc -l <tried)" 140 1000
has 'the number in the page' "$(cat page)" "The following $(wc -l <tried) were tried"

test_done
