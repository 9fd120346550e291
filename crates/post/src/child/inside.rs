//! The child's side: it gives away what it does not need, then answers until
//! its input ends.

use std::collections::BTreeMap;
use std::io;

use rlimit::{Resource, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use super::frame;
use crate::letter::read_delivered;
use crate::openpgp::{ask, look};

const ADDRESS_SPACE: u64 = 1024 * 1024 * 1024;
/// Seconds of computing in the life of one child; most of what it is asked takes milliseconds.
const CPU: u64 = 300;

/// Runs the child: standard input to standard output, until the input ends. Call
/// it first thing in `main`, before any thread or runtime is started.
pub fn run_child() -> io::Result<()> {
    confine()?;
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(order) = frame::read(&mut input, frame::REQUEST)? {
        let Some(raw) = frame::read(&mut input, frame::REQUEST)? else {
            break;
        };
        let order: frame::Order = serde_json::from_slice(&order)?;
        let (said, bytes) = match order {
            frame::Order::Mail { envelope, limits } => (serde_json::to_vec(&read_delivered(&envelope, &raw, &limits))?, Vec::new()),
            frame::Order::OpenMail { envelope, limits, ring, now } => (serde_json::to_vec(&look::mail(&envelope, &raw, &ring, now, &limits))?, Vec::new()),
            frame::Order::OpenPgp(ask) => {
                let (said, bytes) = ask::answer(&ask, &raw).map_or_else(|error| (Err(error), Vec::new()), |(said, bytes)| (Ok(said), bytes));
                (serde_json::to_vec(&said)?, bytes)
            }
        };
        drop(raw);
        frame::write(&mut output, &said)?;
        frame::write(&mut output, &bytes)?;
    }
    Ok(())
}

/// Takes from this process what it never needs. What is open stays open.
fn confine() -> io::Result<()> {
    setrlimit(Resource::CORE, 0, 0)?;
    setrlimit(Resource::AS, ADDRESS_SPACE, ADDRESS_SPACE)?;
    setrlimit(Resource::CPU, CPU, CPU + 5)?;
    setrlimit(Resource::FSIZE, 0, 0)?;
    setrlimit(Resource::NOFILE, 3, 3)?;
    // Binds everyone but root, whom a service should not run as.
    setrlimit(Resource::NPROC, 0, 0)?;
    keep_only_reading()
}

/// The calls of the kernel that reading, computing and answering need. All others fail: nothing is opened, connected,
/// started, changed or asked of another process, whatever runs in here.
const CALLS: [i64; 34] = [
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Hands the kernel the list of calls. One that does not know how, or on another kind of machine, leaves the limits above.
fn keep_only_reading() -> io::Result<()> {
    let Ok(machine) = TargetArch::try_from(std::env::consts::ARCH) else { return Ok(()) };
    let calls: BTreeMap<i64, Vec<_>> = CALLS.into_iter().map(|call| (call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(calls, refused, SeccompAction::Allow, machine).map_err(io::Error::other)?;
    let program: BpfProgram = filter.try_into().map_err(io::Error::other)?;
    match seccompiler::apply_filter(&program) {
        // Kernels without seccomp, and some that stand in for a kernel.
        Err(seccompiler::Error::Seccomp(error)) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOSYS)) => Ok(()),
        Err(error) => Err(io::Error::other(error)),
        Ok(()) => Ok(()),
    }
}
