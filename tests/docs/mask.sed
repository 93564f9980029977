# mask.sed - what may differ between a transcript and a run: times, sizes, the build of V8 and what depends on it.
s/("(durationMs|cpuTimeMs)": ?)[0-9]+\.[0-9]{3}\b/\1TIME/g
s/("heapUsedBytes": ?)[1-9][0-9]*\b/\1SIZE/g
s/("snapshot":"[^"]*","bytes":)[0-9]+(,"sha256":)"[0-9a-f]{64}"/\1SIZE\2DIGEST/
s/^(snapshot  [^ ]+, )[0-9]+ bytes$/\1SIZE bytes/
s/^(V8        )14\.[0-9]+\.[0-9]+\.[0-9]+-node\.[0-9]+$/\1VERSION/
s/^(engine    )[0-9a-f]+-[0-9a-f]{16}$/\1BUILD/
s/^(machine   )(x86_64|aarch64)$/\1MACHINE/
