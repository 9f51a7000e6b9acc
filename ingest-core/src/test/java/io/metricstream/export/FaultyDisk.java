package io.metricstream.export;

import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/** Real files, whose calls fail when a test wants them to; of a write that fails, half is done. */
final class FaultyDisk {
    private static final Set<String> CHANGES =
            Set.of("create", "createFolders", "rename", "delete", "syncFolder", "write", "force", "truncate");

    /** Asked before each call that changes something. */
    interface Fault {
        void before(String call, Path path) throws StorageFailure;
    }

    private final RealDisk real = new RealDisk();
    private final Fault fault;
    private final boolean forces;

    private FaultyDisk(Fault fault, boolean forces) {
        this.fault = fault;
        this.forces = forces;
    }

    static Disk with(Fault fault) {
        return disk(new FaultyDisk(fault, true));
    }

    /** One that leaves it to the system when things reach the disk; faster, and as good where no power is cut. */
    static Disk unforced(Fault fault) {
        return disk(new FaultyDisk(fault, false));
    }

    private static Disk disk(FaultyDisk disk) {
        return proxy(Disk.class, (proxy, method, args) -> disk.onDisk(method, args));
    }

    private Object onDisk(Method method, Object[] args) throws Throwable {
        Path path = (Path) args[0];
        if (CHANGES.contains(method.getName())) {
            fault.before(method.getName(), path);
        }
        Object result = call(method, real, args);
        return result instanceof DiskFile file
                ? proxy(DiskFile.class, (proxy, called, with) -> onFile(file, path, called, with))
                : result;
    }

    private Object onFile(DiskFile file, Path path, Method method, Object[] args) throws Throwable {
        if (CHANGES.contains(method.getName())) {
            try {
                fault.before(method.getName(), path);
            } catch (StorageFailure e) {
                if (method.getName().equals("write")) {
                    ByteBuffer half = ((ByteBuffer) args[0]).duplicate();
                    half.limit(half.position() + half.remaining() / 2);
                    file.write(half, (Long) args[1]);
                }
                throw e;
            }
        }
        return call(method, file, args);
    }

    private Object call(Method method, Object on, Object[] args) throws Throwable {
        if (!forces && (method.getName().equals("force") || method.getName().equals("syncFolder"))) {
            return null;
        }
        try {
            return method.invoke(on, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
