/* SPDX-License-Identifier: MIT */
/* probe/attempts.h - the table of attempts that the sandbox has to stop, and the messages of a probe about one.
 *
 * The probe is a small program that goes through the same start (host/run/spawn.h) and the same lockdown
 * (sandbox/lockdown.h) as a worker, then makes one of these attempts by a real system call, as native code could that
 * took a worker over. Every attempt is harmless where it is permitted: signals have the number 0, file systems have
 * types that do not exist, files are written below /tmp only and removed.
 *
 * probe ATTEMPT WANT MODE PARENT TARGETS
 *
 * ATTEMPT is a name of the table, or a raw call (probe/raw.c); WANT the layers to put in force
 * (sandbox/layers.h); MODE says which filter; PARENT the process that watches; TARGETS things that it holds
 * ready to be reached: "PORT:ADDRESS:USER,PID,MNT,NET,IPC,UTS,CGROUP[:PATH]" - a TCP port on 127.0.0.1, the
 * address of PROBE_SECRET in its memory, the numbers of its namespaces, and for tests a set-uid copy of the
 * probe. It also listens on an abstract socket and has a message queue, named after PARENT. */
#ifndef ISO_PROBE_ATTEMPTS_H
#define ISO_PROBE_ATTEMPTS_H
#include <errno.h>
#include <signal.h>
#include <stdint.h>

/* An outcome is an error number, or 0: permitted, or one of these. */
#define OUTCOME_SIGNAL(number) (-(number))
#define OUTCOME_SIGSYS         OUTCOME_SIGNAL(SIGSYS)
#define OUTCOME_ENDED          (-1000) /* the process ended without a report */

/* name, group, description, outcome with every layer in force. Attempts that look for something (inherited
 * descriptors, rights) count as permitted when they find a thing that a worker must not have. */
#define ISO_ATTEMPTS(X)                                                                    \
    X(open_etc, FILES, "open /etc/passwd", ENOENT)                                         \
    X(open_root, FILES, "open the root directory", ENOENT)                                 \
    X(open_proc_self, FILES, "open its own memory below /proc", ENOENT)                    \
    X(open_proc_parent, FILES, "open its parent's memory below /proc", ENOENT)             \
    X(openat2_etc, FILES, "open /etc/passwd with openat2", OUTCOME_SIGSYS)                 \
    X(name_to_handle, FILES, "get a file handle for /", OUTCOME_SIGSYS)                    \
    X(stat_etc, FILES, "stat /etc/passwd", ENOENT)                                         \
    X(statx_etc, FILES, "stat /etc/passwd with statx", OUTCOME_SIGSYS)                     \
    X(access_etc, FILES, "ask for access to /etc/passwd", OUTCOME_SIGSYS)                  \
    X(readlink_exe, FILES, "read the link /proc/self/exe", ENOENT)                         \
    X(create_file, FILES, "create a file in /tmp", ENOENT)                                 \
    X(write_root, FILES, "write a file without a name in the root directory", ENOENT)      \
    X(make_directory, FILES, "make a directory in /tmp", OUTCOME_SIGSYS)                   \
    X(chdir_etc, FILES, "change to the directory /etc", OUTCOME_SIGSYS)                    \
    X(getcwd, FILES, "ask for the current directory", OUTCOME_SIGSYS)                      \
    X(read_stdin, FILES, "read from standard input", OUTCOME_SIGSYS)                       \
    X(write_stdout, FILES, "write to standard output", EBADF)                              \
    X(writev_stdout, FILES, "write to standard output with writev", EBADF)                 \
    X(grow_file, FILES, "write to a file that was open before", EBADF)                     \
    X(dup, FILES, "duplicate a descriptor", OUTCOME_SIGSYS)                                \
    X(fcntl_setown, FILES, "become the owner of a socket's signals", OUTCOME_SIGSYS)       \
    X(ioctl_tiocsti, FILES, "type into the terminal", OUTCOME_SIGSYS)                      \
    X(ioctl_tiocsti_hi, FILES, "type into the terminal, high bits set", OUTCOME_SIGSYS)    \
    X(send_channel, FILES, "send on the channel with sendto", OUTCOME_SIGSYS)              \
    X(receive_channel, FILES, "receive descriptors over the channel", OUTCOME_SIGSYS)      \
    X(socket_inet, NETWORK, "make an IPv4 socket", OUTCOME_SIGSYS)                         \
    X(socket_inet6, NETWORK, "make an IPv6 socket", OUTCOME_SIGSYS)                        \
    X(socket_unix, NETWORK, "make a unix socket", OUTCOME_SIGSYS)                          \
    X(socket_netlink, NETWORK, "make a netlink socket", OUTCOME_SIGSYS)                    \
    X(socket_packet, NETWORK, "make a packet socket", OUTCOME_SIGSYS)                      \
    X(socket_vsock, NETWORK, "make a socket to the hypervisor", OUTCOME_SIGSYS)            \
    X(socketpair, NETWORK, "make a pair of sockets", OUTCOME_SIGSYS)                       \
    X(connect_loopback, NETWORK, "connect to a TCP port of this machine", OUTCOME_SIGSYS)  \
    X(connect_udp, NETWORK, "send a datagram to this machine", OUTCOME_SIGSYS)             \
    X(bind_tcp, NETWORK, "listen on a TCP port", OUTCOME_SIGSYS)                           \
    X(abstract_connect, NETWORK, "connect to an abstract unix socket", OUTCOME_SIGSYS)     \
    X(execve, PROCESSES, "start a program", OUTCOME_SIGSYS)                                \
    X(setuid_program, PROCESSES, "start a set-uid program", OUTCOME_SIGSYS)                \
    X(execveat, PROCESSES, "start a program from an open descriptor", OUTCOME_SIGSYS)      \
    X(memfd_exec, PROCESSES, "start a program from memory", OUTCOME_SIGSYS)                \
    X(fork, PROCESSES, "fork", OUTCOME_SIGSYS)                                             \
    X(forkbomb, PROCESSES, "fork eight times", OUTCOME_SIGSYS)                             \
    X(clone_thread, PROCESSES, "start a thread", OUTCOME_SIGSYS)                           \
    X(clone3, PROCESSES, "fork with clone3", OUTCOME_SIGSYS)                               \
    X(kill_parent, PROCESSES, "signal its parent", OUTCOME_SIGSYS)                         \
    X(kill_all, PROCESSES, "signal every process", OUTCOME_SIGSYS)                         \
    X(kill_pgrp0, PROCESSES, "signal its process group", OUTCOME_SIGSYS)                   \
    X(kill_pid1, PROCESSES, "signal process 1", OUTCOME_SIGSYS)                            \
    X(tgkill_parent, PROCESSES, "signal a thread of its parent", OUTCOME_SIGSYS)           \
    X(sigqueue_parent, PROCESSES, "queue a signal for its parent", OUTCOME_SIGSYS)         \
    X(pidfd_open, PROCESSES, "get a descriptor of its parent", OUTCOME_SIGSYS)             \
    X(ptrace_parent, PROCESSES, "trace its parent", OUTCOME_SIGSYS)                        \
    X(vm_read, PROCESSES, "read its parent's memory", OUTCOME_SIGSYS)                      \
    X(clock_parent, PROCESSES, "read its parent's processor time", OUTCOME_SIGSYS)         \
    X(prlimit_parent, PROCESSES, "read its parent's limits", OUTCOME_SIGSYS)               \
    X(sched_getaffinity, PROCESSES, "ask for its processors", EPERM)                       \
    X(sched_setaffinity, PROCESSES, "choose its processors", OUTCOME_SIGSYS)               \
    X(setpriority, PROCESSES, "raise its priority", OUTCOME_SIGSYS)                        \
    X(setuid0, PROCESSES, "become root", OUTCOME_SIGSYS)                                   \
    X(unshare_user, PROCESSES, "make a user namespace", OUTCOME_SIGSYS)                    \
    X(mmap_rwx, MEMORY, "map writable and executable memory", OUTCOME_SIGSYS)              \
    X(mmap_shared, MEMORY, "map shared memory", OUTCOME_SIGSYS)                            \
    X(mmap_file, MEMORY, "map a file that was open before", OUTCOME_SIGSYS)                \
    X(mprotect_exec, MEMORY, "make memory executable", OUTCOME_SIGSYS)                     \
    X(pkey_mprotect, MEMORY, "make memory executable with pkey_mprotect", OUTCOME_SIGSYS)  \
    X(mremap_fixed, MEMORY, "move memory to an address of its choice", OUTCOME_SIGSYS)     \
    X(mremap_dontunmap, MEMORY, "move memory and keep the mapping", OUTCOME_SIGSYS)        \
    X(madvise_willneed, MEMORY, "advise the kernel on memory", OUTCOME_SIGSYS)             \
    X(memfd, MEMORY, "make a file in memory", OUTCOME_SIGSYS)                              \
    X(memfd_secret, MEMORY, "make a secret memory area", OUTCOME_SIGSYS)                   \
    X(shmget, MEMORY, "make a System V memory segment", OUTCOME_SIGSYS)                    \
    X(over_budget, MEMORY, "map more memory than the budget", ENOMEM)                      \
    X(over_budget_brk, MEMORY, "move the break past the budget", ENOMEM)                   \
    X(over_address_space, MEMORY, "reserve more addresses than the budget allows", ENOMEM) \
    X(userfaultfd, MEMORY, "handle its own page faults", OUTCOME_SIGSYS)                   \
    X(io_uring, KERNEL, "make an io_uring", OUTCOME_SIGSYS)                                \
    X(bpf, KERNEL, "make a BPF map", OUTCOME_SIGSYS)                                       \
    X(perf_event, KERNEL, "open a performance counter", OUTCOME_SIGSYS)                    \
    X(keyctl, KERNEL, "make a keyring", OUTCOME_SIGSYS)                                    \
    X(add_key, KERNEL, "add a key", OUTCOME_SIGSYS)                                        \
    X(request_key, KERNEL, "ask for a key", OUTCOME_SIGSYS)                                \
    X(inotify, KERNEL, "watch files", OUTCOME_SIGSYS)                                      \
    X(fanotify, KERNEL, "watch file systems", OUTCOME_SIGSYS)                              \
    X(mount, KERNEL, "mount a file system", OUTCOME_SIGSYS)                                \
    X(fsopen, KERNEL, "open a file system to be mounted", OUTCOME_SIGSYS)                  \
    X(chroot, KERNEL, "change its root directory", OUTCOME_SIGSYS)                         \
    X(pivot_root, KERNEL, "exchange its root directory", OUTCOME_SIGSYS)                   \
    X(sethostname, KERNEL, "set the host's name", OUTCOME_SIGSYS)                          \
    X(settimeofday, KERNEL, "set the clock", OUTCOME_SIGSYS)                               \
    X(load_module, KERNEL, "load a kernel module", OUTCOME_SIGSYS)                         \
    X(kernel_log, KERNEL, "ask for the kernel's log", OUTCOME_SIGSYS)                      \
    X(msgget, KERNEL, "make a System V message queue", OUTCOME_SIGSYS)                     \
    X(semget, KERNEL, "make a System V semaphore", OUTCOME_SIGSYS)                         \
    X(mq_open, KERNEL, "make a POSIX message queue", OUTCOME_SIGSYS)                       \
    X(timer_create, KERNEL, "make a timer", OUTCOME_SIGSYS)                                \
    X(personality, KERNEL, "ask for its personality", OUTCOME_SIGSYS)                      \
    X(raise_nofile, KERNEL, "raise the limit of open files", OUTCOME_SIGSYS)               \
    X(prctl_name, KERNEL, "rename itself", OUTCOME_SIGSYS)                                 \
    X(prctl_dumpable, KERNEL, "make itself dumpable again", OUTCOME_SIGSYS)                \
    X(prctl_seccomp, KERNEL, "load a filter with prctl", OUTCOME_SIGSYS)                   \
    X(second_filter, KERNEL, "load a filter of its own", OUTCOME_SIGSYS)                   \
    X(catch_sigsys, KERNEL, "catch the signal of the filter", EPERM)                       \
    X(sigaltstack, KERNEL, "set a signal stack", OUTCOME_SIGSYS)                           \
    X(uname, KERNEL, "ask for the host's name", OUTCOME_SIGSYS)                            \
    X(sysinfo, KERNEL, "ask for the machine's memory", OUTCOME_SIGSYS)                     \
    X(fdleak, FOUND, "find a descriptor of its parent", OUTCOME_SIGSYS)                    \
    X(envleak, FOUND, "find an environment variable", ENOENT)                              \
    X(no_death_signal, FOUND, "find that it may outlive its parent", OUTCOME_SIGSYS)       \
    X(new_privs, FOUND, "find that set-uid programs give rights", OUTCOME_SIGSYS)          \
    X(root_outside, FOUND, "find that it is root", OUTCOME_SIGSYS)                         \
    X(capabilities, FOUND, "find a capability", OUTCOME_SIGSYS)                            \
    X(bounding_set, FOUND, "find a capability that a program could gain", OUTCOME_SIGSYS)  \
    X(dumpable, FOUND, "find that it is dumpable", OUTCOME_SIGSYS)                         \
    X(peek_child, FOUND, "read the memory of a process like itself", OUTCOME_SIGSYS)       \
    X(shared_session, FOUND, "find itself in its parent's session", OUTCOME_SIGSYS)        \
    X(odd_signals, FOUND, "find a signal blocked or ignored", EPERM)                       \
    X(working_directory, FOUND, "find itself in its parent's directory", OUTCOME_SIGSYS)   \
    X(core_limit, FOUND, "find that its memory could be dumped to a file", OUTCOME_SIGSYS) \
    X(loose_limits, FOUND, "find a resource limit that is not 0", OUTCOME_SIGSYS)          \
    X(shared_namespaces, FOUND, "find itself in a namespace of its parent", ENOENT)        \
    X(host_queue, FOUND, "find a message queue of its parent", OUTCOME_SIGSYS)             \
    ISO_ATTEMPTS_X86(X)

#ifdef __x86_64__
#define ISO_ATTEMPTS_X86(X)                                      \
    X(x32, KERNEL, "make a call of the x32 ABI", OUTCOME_SIGSYS) \
    X(int80, KERNEL, "make a call of the 32-bit ABI", OUTCOME_SIGSYS)
#else
#define ISO_ATTEMPTS_X86(X)
#endif

enum attempt {
#define X(name, ...) ATTEMPT_##name,
    ISO_ATTEMPTS(X)
#undef X
        ATTEMPT_COUNT
};

/* Attempts of one run against another run of the same zygote, which has the same namespaces: name, description,
 * outcome with every layer in force, outcome without seccomp. Only forked children make them. */
#define ISO_SIBLING_ATTEMPTS(X)                                                                  \
    X(kill_sibling, "signal another run", OUTCOME_SIGSYS, EPERM)                                 \
    X(kill_zygote, "signal its zygote", OUTCOME_SIGSYS, EPERM)                                   \
    X(kill_group, "signal all of its process group", OUTCOME_SIGSYS, 0)                          \
    X(tgkill_sibling, "signal a thread of another run", OUTCOME_SIGSYS, EPERM)                   \
    X(tgkill_zygote, "signal a thread of its zygote", OUTCOME_SIGSYS, EPERM)                     \
    X(sigqueue_sibling, "queue a signal for another run", OUTCOME_SIGSYS, EPERM)                 \
    X(pidfd_sibling, "signal another run by a descriptor", OUTCOME_SIGSYS, EMFILE)               \
    X(pidfd_zygote, "signal its zygote by a descriptor", OUTCOME_SIGSYS, EMFILE)                 \
    X(pidfd_found, "signal a process by a descriptor that was left open", OUTCOME_SIGSYS, EBADF) \
    X(pidfd_steal, "take a descriptor out of another run", OUTCOME_SIGSYS, EMFILE)               \
    X(ptrace_sibling, "trace another run", OUTCOME_SIGSYS, EPERM)                                \
    X(ptrace_zygote, "trace its zygote", OUTCOME_SIGSYS, EPERM)                                  \
    X(vm_read_sibling, "read the memory of another run", OUTCOME_SIGSYS, EPERM)                  \
    X(vm_read_zygote, "read the memory of its zygote", OUTCOME_SIGSYS, EPERM)                    \
    X(vm_write_sibling, "write the memory of another run", OUTCOME_SIGSYS, EPERM)                \
    X(mem_sibling, "open the memory of another run below /proc", ENOENT, EMFILE)                 \
    X(mem_zygote, "open the memory of its zygote below /proc", ENOENT, EMFILE)                   \
    X(kcmp_sibling, "compare its descriptors with those of another run", OUTCOME_SIGSYS, EPERM)  \
    X(madvise_sibling, "advise the kernel on the memory of another run", OUTCOME_SIGSYS, EMFILE) \
    X(prlimit_sibling, "take processor time from another run", OUTCOME_SIGSYS, 0)                \
    X(prlimit_zygote, "take processor time from its zygote", OUTCOME_SIGSYS, 0)                  \
    X(nice_sibling, "lower the priority of another run", OUTCOME_SIGSYS, 0)                      \
    X(processors_sibling, "choose the processors of another run", OUTCOME_SIGSYS, 0)             \
    X(scheduler_sibling, "change the scheduling of another run", OUTCOME_SIGSYS, 0)              \
    X(other_socket, "find a socket that is not its channel", OUTCOME_SIGSYS, EBADF)              \
    X(ask_zygote, "ask for a fork on what was the channel of the zygote", OUTCOME_SIGSYS, EPIPE) \
    X(fork_as_zygote, "fork as a zygote does", OUTCOME_SIGSYS, EAGAIN)                           \
    X(wait_any, "collect a child of another process", OUTCOME_SIGSYS, ECHILD)                    \
    X(swap_channel, "put another descriptor in the place of its channel", OUTCOME_SIGSYS, EBADF) \
    X(drop_death_signal, "outlive its zygote", OUTCOME_SIGSYS, 0)                                \
    X(clock_sibling, "read the processor time of another run", OUTCOME_SIGSYS, 0)                \
    X(clock_zygote, "read the processor time of its zygote", OUTCOME_SIGSYS, 0)                  \
    X(find_sibling, "find another run by the resolution of its clock", OUTCOME_SIGSYS, 0)        \
    X(wait_for_sibling, "sleep by the processor time of another run", OUTCOME_SIGSYS, 0)         \
    X(raise_cpu, "raise its limit of processor time", OUTCOME_SIGSYS, EPERM)                     \
    X(raise_memory, "raise its limit of memory", OUTCOME_SIGSYS, EPERM)                          \
    X(raise_processes, "raise its limit of processes", OUTCOME_SIGSYS, EPERM)

enum sibling_attempt {
#define X(name, ...) SIBLING_##name,
    ISO_SIBLING_ATTEMPTS(X)
#undef X
        SIBLING_COUNT
};

/* The filter that is in force when the attempt is made. */
#define ISO_PROBE_MODES(X)                                                                                 \
    X(JIT, "jit")                       /* the second one, on top of the first: agent code with a JIT */   \
    X(JITLESS, "jitless")               /* the only one */                                                 \
    X(BOOT, "boot")                     /* the first one: while the heap is restored, with a JIT */        \
    X(ZYGOTE, "zygote")                 /* a zygote's first one, with a JIT, while the heap is restored */ \
    X(ZYGOTE_READY, "zygote-ready")     /* the second one on top of it: it forks */                        \
    X(ZYGOTE_JITLESS, "zygote-jitless") /* the only one of a zygote without a JIT */                       \
    X(FORKED, "forked")                 /* in its child, on top of that */                                 \
    X(FORKED_JITLESS, "forked-jitless")

enum probe_mode {
#define X(id, name) PROBE_##id,
    ISO_PROBE_MODES(X)
#undef X
        PROBE_MODES
};

/* The order for a forked probe (modes from PROBE_FORKED on), which it gets over its channel after PROBE_READY, as a
 * forked worker gets its job only after lockdown. The child is requested from its zygote as protocol/zygote.h says;
 * the ATTEMPT of the command line then only says which files to open. "linger" lasts until the channel ends. */
struct probe_order {
    char attempt[96];
    int32_t zygote, sibling; /* their numbers in the namespace of the child */
};

/* The memory that the watching process keeps at the address in TARGETS. */
#define PROBE_SECRET UINT64_C(0x6973345365637274)
/* The names of its abstract socket (without the leading NUL) and of its queue. */
#define PROBE_SOCKET          "iso4-probe-%d"
#define PROBE_QUEUE(pid)      (0x69340000 | ((pid)&0xffff))
#define PROBE_NAMESPACES      "user", "pid", "mnt", "net", "ipc", "uts", "cgroup"
#define PROBE_NAMESPACE_COUNT 7

/* The memory budget of a probe. */
#define PROBE_BUDGET (64u << 20)

/* Words in place of an attempt. "linger": stay for a while after lockdown. "spin": use processor time until ended.
 * "fork-on": fork as a zygote does until that is refused, and report the error; 0 when more children could be made
 * than a zygote may have. */

/* A probe sends READY when lockdown is over, then RESULT unless the attempt ended the process; or only FAILED. */
enum probe_step { PROBE_READY = 1, PROBE_RESULT, PROBE_FAILED };

struct probe_record {
    uint32_t step;
    int32_t outcome; /* RESULT; READY of a forked one: its number in its namespace */
    uint32_t layers; /* READY, RESULT: in force, as lockdown() says */
    char text[244];  /* FAILED: why; NUL-terminated */
};

#endif
