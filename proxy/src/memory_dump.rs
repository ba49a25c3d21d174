//! The secrets in memory: no core dump has them, and no other process of the same user can read them.

/// Makes the process not dumpable, on Linux: it leaves no core dump, cannot be traced, and root owns its files in `/proc`,
/// such as `environ`. The systemd unit's `LimitCORE=0` alone leaves tracing, and a dump by a handler that ignores limits.
pub fn forbid() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        tracing::warn!("core dumps of this process are possible: {error}");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn the_process_is_not_dumpable() {
        super::forbid();
        assert_eq!(nix::sys::prctl::get_dumpable(), Ok(false));
    }
}
