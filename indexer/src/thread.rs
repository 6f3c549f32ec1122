//! Work for the processor alone, on other threads than those that wait for the node and the database: to
//! decode, to fold, and to make statements of what that changed.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

/// How much of it goes on at once: more threads than processors would end nothing sooner, and each holds
/// memory of its own.
static PROCESSORS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(2, NonZero::get)));

/// A computation, which begins as soon as a processor is free. Dropped before that, it never does.
pub(crate) struct OnThread<T>(JoinHandle<T>);

impl<T: Send + 'static> OnThread<T> {
    /// Begins it.
    pub(crate) fn begin(work: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(tokio::spawn(async {
            // Nobody closes the semaphore.
            let _one = PROCESSORS.acquire().await;
            done(spawn_blocking(work).await).await
        }))
    }

    /// Waits for what comes out. It panics when the computation did.
    pub(crate) async fn end(mut self) -> T {
        done((&mut self.0).await).await
    }
}

impl<T> Drop for OnThread<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn done<T>(ended: Result<T, JoinError>) -> T {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => resume_unwind(panic),
        // It is cancelled only when all ends.
        Err(Err(_)) => std::future::pending().await,
    }
}
