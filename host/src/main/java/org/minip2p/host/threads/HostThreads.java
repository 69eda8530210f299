package org.minip2p.host.threads;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of a host besides its event loops: daemon threads, which end with it. */
public final class HostThreads {
    private static final int APPLICATION_THREADS = 4;

    /** Including threads that listeners do not return from; an application that blocks more than these gets no help. */
    private static final int MAX_APPLICATION_THREADS = 64;

    /** Many, since a look-up that hangs blocks its thread: no name should wait for another. */
    private static final int RESOLVER_THREADS = 64;

    private static final long KEEP_SECONDS = 10;

    private final EventExecutor peerExecutor;
    private final ExecutorService resolver;
    private final ExecutorService observer;
    private final ExecutorService verifier;
    private final @Nullable ThreadPoolExecutor ownApplication;
    private final Executor application;

    private int lostThreads; // guarded by this

    /** Set while a task of the host runs on a foreign thread. */
    private final ThreadLocal<@Nullable Boolean> running = new ThreadLocal<>();

    /**
     * Creates the threads on demand.
     *
     * @param application runs calls of the application; null for the host's own threads
     * @param verifications how many identity proofs are checked at the same time
     */
    public HostThreads(@Nullable Executor application, int verifications) {
        this.peerExecutor = new DefaultEventExecutor(new OwnThreads("minip2p-peers"));
        this.resolver = pool("minip2p-dns", RESOLVER_THREADS);
        this.observer = pool("minip2p-observer", 1);
        this.verifier = pool("minip2p-verify", verifications);
        if (application != null) {
            this.ownApplication = null;
            this.application = told(application);
        } else {
            ThreadPoolExecutor own = pool("minip2p-app", APPLICATION_THREADS);
            this.ownApplication = own;
            this.application = own;
        }
    }

    /**
     * Uses given executors, each for the method of its name. All except the application's are shut down with the host.
     */
    public HostThreads(
            EventExecutor peerExecutor,
            ExecutorService resolver,
            ExecutorService observer,
            ExecutorService verifier,
            Executor application) {
        this.peerExecutor = peerExecutor;
        this.resolver = resolver;
        this.observer = observer;
        this.verifier = verifier;
        this.ownApplication = null;
        this.application = told(application);
    }

    private Executor told(Executor given) {
        return task -> given.execute(() -> run(task));
    }

    private ThreadPoolExecutor pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, KEEP_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new OwnThreads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The one thread that makes decisions about several connections of a peer. */
    public EventExecutor peerExecutor() {
        return peerExecutor;
    }

    /** Checks identity proofs. At most as many wait as there are pending upgrades. */
    public Executor verifier() {
        return verifier;
    }

    /** Calls observers, in order; they may block it. */
    public Executor observer() {
        return observer;
    }

    /** Looks names up, which blocks. */
    public Executor resolver() {
        return resolver;
    }

    /** Runs calls of the application. */
    public Executor application() {
        return application;
    }

    /** A thread of the application's executor is blocked: replaces it, if the threads are our own. Any thread. */
    public void threadLost() {
        replaceThreads(1);
    }

    /** It is no longer blocked. Any thread. */
    public void threadReturned() {
        replaceThreads(-1);
    }

    private void replaceThreads(int more) {
        ThreadPoolExecutor own = ownApplication;
        if (own == null) {
            return;
        }
        synchronized (this) {
            lostThreads += more;
            int threads = Math.min(APPLICATION_THREADS + lostThreads, MAX_APPLICATION_THREADS);
            if (more > 0) { // the maximum is never less
                own.setMaximumPoolSize(threads);
                own.setCorePoolSize(threads);
            } else {
                own.setCorePoolSize(threads);
                own.setMaximumPoolSize(threads);
            }
        }
    }

    /** A task of the host on a thread of the application. */
    private void run(Runnable task) {
        running.set(true);
        try {
            task.run();
        } finally {
            running.remove();
        }
    }

    /**
     * Whether the current thread is one of these, or runs a task that was submitted here to the application's executor.
     */
    public boolean isCurrentThread() {
        return (Thread.currentThread() instanceof OwnThread own && own.owner == this) || running.get() != null;
    }

    /** Ends the threads when their tasks are done. */
    public void shutdown() {
        peerExecutor.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        resolver.shutdown();
        verifier.shutdown();
        observer.shutdown();
        if (ownApplication != null) {
            ownApplication.shutdown();
        }
    }

    /** Creates daemon threads that know their owner. */
    private final class OwnThreads extends DefaultThreadFactory {
        OwnThreads(String name) {
            super(name, true);
        }

        @Override
        protected Thread newThread(Runnable task, String name) {
            return new OwnThread(task, name, HostThreads.this);
        }
    }

    private static final class OwnThread extends FastThreadLocalThread {
        private final HostThreads owner;

        OwnThread(Runnable task, String name, HostThreads owner) {
            super(task, name);
            this.owner = owner;
        }
    }
}
