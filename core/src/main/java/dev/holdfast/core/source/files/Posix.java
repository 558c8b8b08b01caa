package dev.holdfast.core.source.files;

import dev.holdfast.core.source.files.FileStatus.FileTime;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfInt;
import java.lang.foreign.ValueLayout.OfLong;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The calls of the C library that folders need, with names as {@link ByteNames}. An instance has its own buffers and serves one thread
 * at a time. Calls return what C returns, or minus errno; the ones that throw say so.
 */
@SuppressWarnings("restricted")
final class Posix {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int ERANGE = 34;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int ENOTSUP = 95;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NONBLOCK = 04000;
    static final int O_NOATIME = 01000000;
    static final int O_CLOEXEC = 02000000;
    /** These two differ between machines (asm/fcntl.h). */
    static final int O_DIRECTORY;

    static final int O_NOFOLLOW;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_NO_AUTOMOUNT = 0x800;

    static final int SEEK_SET = 0;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    /** Size of {@link #buffer()}. */
    static final int BUFFER_BYTES = 256 * 1024;

    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BYTES = 256;
    private static final int LARGEST_ATTRIBUTE_BYTES = 64 * 1024;

    private static final OfInt INT = ValueLayout.JAVA_INT;
    private static final OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final long GETDENTS64;

    static {
        String machine = System.getProperty("os.arch", "");
        if (!System.getProperty("os.name", "").equals("Linux")
                || !(machine.equals("amd64") || machine.equals("aarch64"))) {
            throw new UnsupportedOperationException(
                    "folders of the host can be read and restored on Linux, x86-64 or AArch64");
        }
        boolean arm = machine.equals("aarch64");
        O_DIRECTORY = arm ? 0x4000 : 0x10000;
        O_NOFOLLOW = arm ? 0x8000 : 0x20000;
        GETDENTS64 = arm ? 61 : 217;
    }

    private static final MethodHandle OPENAT = variadic("openat", 3, INT, INT, POINTER, INT, INT);
    private static final MethodHandle CLOSE = function("close", INT, INT);
    private static final MethodHandle READ = function("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle WRITE = function("write", LONG, INT, POINTER, LONG);
    private static final MethodHandle LSEEK = function("lseek", LONG, INT, LONG, INT);
    private static final MethodHandle FTRUNCATE = function("ftruncate", INT, INT, LONG);
    private static final MethodHandle STATX = function("statx", INT, INT, POINTER, INT, INT, POINTER);
    private static final MethodHandle SYSCALL_DENTS = variadic("syscall", 1, LONG, LONG, LONG, POINTER, LONG);
    private static final MethodHandle READLINKAT = function("readlinkat", LONG, INT, POINTER, POINTER, LONG);
    private static final MethodHandle FLISTXATTR = function("flistxattr", LONG, INT, POINTER, LONG);
    private static final MethodHandle FGETXATTR = function("fgetxattr", LONG, INT, POINTER, POINTER, LONG);
    private static final MethodHandle LLISTXATTR = function("llistxattr", LONG, POINTER, POINTER, LONG);
    private static final MethodHandle LGETXATTR = function("lgetxattr", LONG, POINTER, POINTER, POINTER, LONG);
    private static final MethodHandle LSETXATTR = function("lsetxattr", INT, POINTER, POINTER, POINTER, LONG, INT);
    private static final MethodHandle MKDIRAT = function("mkdirat", INT, INT, POINTER, INT);
    private static final MethodHandle UNLINKAT = function("unlinkat", INT, INT, POINTER, INT);
    private static final MethodHandle SYMLINKAT = function("symlinkat", INT, POINTER, INT, POINTER);
    private static final MethodHandle LINKAT = function("linkat", INT, INT, POINTER, INT, POINTER, INT);
    private static final MethodHandle RENAMEAT = function("renameat", INT, INT, POINTER, INT, POINTER);
    private static final MethodHandle MKNODAT = function("mknodat", INT, INT, POINTER, INT, LONG);
    private static final MethodHandle FCHOWNAT = function("fchownat", INT, INT, POINTER, INT, INT, INT);
    private static final MethodHandle FCHMODAT = function("fchmodat", INT, INT, POINTER, INT, INT);
    private static final MethodHandle FCHMOD = function("fchmod", INT, INT, INT);
    private static final MethodHandle UTIMENSAT = function("utimensat", INT, INT, POINTER, POINTER, INT);
    private static final MethodHandle GETEUID = function("geteuid", INT);
    private static final MethodHandle GETPWUID = function("getpwuid", POINTER, INT);
    private static final MethodHandle GETGRGID = function("getgrgid", POINTER, INT);
    private static final MethodHandle STRERROR = function("strerror", POINTER, INT);

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(CALL_STATE);
    private final MemorySegment status = arena.allocate(STATX_BYTES, 8);
    private final MemorySegment times = arena.allocate(32, 8);
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 4096);
    private final MemorySegment attributeNames = arena.allocate(LARGEST_ATTRIBUTE_BYTES);
    private MemorySegment name = arena.allocate(8192);
    private MemorySegment secondName = arena.allocate(8192);

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... parameters) {
        return link(
                name,
                FunctionDescriptor.of(result, parameters),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
        return LINKER.downcallHandle(address, descriptor, options);
    }

    /** Where {@link #read} puts and {@link #write} takes bytes. */
    MemorySegment buffer() {
        return buffer;
    }

    int open(int folder, String path, int flags, int mode) {
        MemorySegment cPath = first(path);
        int result;
        do {
            try {
                result = result((int) OPENAT.invokeExact(state, folder, cPath, flags | O_CLOEXEC, mode));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        } while (result == -EINTR);
        return result;
    }

    /** As {@link #open}, without a trace in the access time where that is allowed. */
    int openToRead(int folder, String path, int flags) {
        int result = open(folder, path, O_RDONLY | O_NOATIME | flags, 0);
        return result == -EPERM ? open(folder, path, O_RDONLY | flags, 0) : result;
    }

    /** Frees the descriptor whatever it returns; after writing, an error means lost content. */
    int close(int descriptor) {
        try {
            return result((int) CLOSE.invokeExact(state, descriptor));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Reads up to {@code length} bytes to the start of {@link #buffer()} plus {@code offset}. */
    long read(int descriptor, long offset, long length) {
        MemorySegment target = buffer.asSlice(offset, length);
        long result;
        do {
            try {
                result = result((long) READ.invokeExact(state, descriptor, target, length));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        } while (result == -EINTR);
        return result;
    }

    /** Writes the first {@code length} bytes of {@link #buffer()}, all of them. */
    void write(int descriptor, long length) throws IOException {
        long done = 0;
        while (done < length) {
            MemorySegment rest = buffer.asSlice(done, length - done);
            long result;
            try {
                result = result((long) WRITE.invokeExact(state, descriptor, rest, length - done));
            } catch (Throwable e) {
                throw unexpected(e);
            }
            if (result < 0 && result != -EINTR) {
                throw new PosixException("cannot write", (int) -result);
            }
            done += Math.max(result, 0);
        }
    }

    long seek(int descriptor, long offset, int whence) {
        try {
            return result((long) LSEEK.invokeExact(state, descriptor, offset, whence));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int truncate(int descriptor, long size) {
        try {
            return result((int) FTRUNCATE.invokeExact(state, descriptor, size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The status of an open file. */
    FileStatus status(int descriptor) throws PosixException {
        return status(descriptor, "", AT_EMPTY_PATH);
    }

    /** The status of a name in a folder; symbolic links are not followed. */
    FileStatus status(int folder, String path) throws PosixException {
        return status(folder, path, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
    }

    /** Offsets: struct statx of linux/stat.h, the same on every machine. */
    private FileStatus status(int folder, String path, int flags) throws PosixException {
        MemorySegment cPath = first(path);
        int result;
        try {
            result = result((int) STATX.invokeExact(state, folder, cPath, flags, STATX_BASIC_STATS, status));
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (result < 0) {
            throw new PosixException("cannot stat", -result);
        }
        return new FileStatus(
                status.get(ValueLayout.JAVA_SHORT, 28) & 0xffff,
                unsigned(20),
                unsigned(24),
                unsigned(16),
                status.get(LONG, 40),
                status.get(LONG, 48),
                status.get(LONG, 32),
                unsigned(136) << 32 | unsigned(140),
                unsigned(128),
                unsigned(132),
                new FileTime(status.get(LONG, 112), status.get(INT, 120)),
                new FileTime(status.get(LONG, 96), status.get(INT, 104)));
    }

    private long unsigned(long offset) {
        return Integer.toUnsignedLong(status.get(INT, offset));
    }

    /** A name in a folder and its type as {@link FileStatus#type()}; type 0 where the file system does not tell. */
    record DirectoryEntry(String name, int type) implements Comparable<DirectoryEntry> {
        @Override
        public int compareTo(DirectoryEntry other) {
            return name.compareTo(other.name);
        }
    }

    /** All names but {@code .} and {@code ..}, in no order. Layout: getdents64(2). */
    List<DirectoryEntry> entries(int folder) throws PosixException {
        List<DirectoryEntry> entries = new ArrayList<>();
        while (true) {
            long length;
            try {
                length = result((long)
                        SYSCALL_DENTS.invokeExact(state, GETDENTS64, (long) folder, buffer, (long) BUFFER_BYTES));
            } catch (Throwable e) {
                throw unexpected(e);
            }
            if (length < 0) {
                throw new PosixException("cannot list", (int) -length);
            }
            if (length == 0) {
                return entries;
            }
            for (long at = 0; at < length; ) {
                int recordBytes = buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
                int type = (buffer.get(ValueLayout.JAVA_BYTE, at + 18) & 0xf) << 12;
                String entry = terminated(buffer, at + 19, recordBytes - 19);
                if (!entry.equals(".") && !entry.equals("..")) {
                    entries.add(new DirectoryEntry(entry, type));
                }
                at += recordBytes;
            }
        }
    }

    private static String terminated(MemorySegment segment, long offset, int maximum) {
        int length = 0;
        while (length < maximum && segment.get(ValueLayout.JAVA_BYTE, offset + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return ByteNames.of(bytes);
    }

    String readLink(int folder, String path) throws PosixException {
        MemorySegment cPath = first(path);
        long length;
        try {
            length = result((long) READLINKAT.invokeExact(state, folder, cPath, buffer, (long) BUFFER_BYTES));
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (length < 0) {
            throw new PosixException("cannot read link", (int) -length);
        }
        return ByteNames.of(bytes(length));
    }

    /** Extended attributes of an open file, by name; empty where the file system has none. */
    Map<String, byte[]> attributes(int descriptor) throws PosixException {
        long length;
        try {
            length = result(
                    (long) FLISTXATTR.invokeExact(state, descriptor, attributeNames, (long) LARGEST_ATTRIBUTE_BYTES));
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return attributes(length, attribute -> {
            MemorySegment cName = first(attribute);
            return result(
                    (long) FGETXATTR.invokeExact(state, descriptor, cName, buffer, (long) LARGEST_ATTRIBUTE_BYTES));
        });
    }

    /** As above, of a name that cannot be opened (a link, a device). */
    Map<String, byte[]> attributes(int folder, String path) throws PosixException {
        String through = "/proc/self/fd/" + folder + "/" + path;
        MemorySegment cPath = second(through);
        long length;
        try {
            length =
                    result((long) LLISTXATTR.invokeExact(state, cPath, attributeNames, (long) LARGEST_ATTRIBUTE_BYTES));
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return attributes(length, attribute -> {
            MemorySegment cName = first(attribute);
            return result((long) LGETXATTR.invokeExact(state, cPath, cName, buffer, (long) LARGEST_ATTRIBUTE_BYTES));
        });
    }

    private interface AttributeRead {
        long length(String attribute) throws Throwable;
    }

    private Map<String, byte[]> attributes(long namesLength, AttributeRead read) throws PosixException {
        if (namesLength == 0 || namesLength == -ENOTSUP) {
            return Map.of();
        }
        if (namesLength < 0) {
            throw new PosixException("cannot list extended attributes", (int) -namesLength);
        }
        Map<String, byte[]> attributes = new TreeMap<>();
        for (long at = 0; at < namesLength; ) {
            String attribute = terminated(attributeNames, at, (int) (namesLength - at));
            at += attribute.length() + 1L;
            long length;
            try {
                length = read.length(attribute);
            } catch (Throwable e) {
                throw unexpected(e);
            }
            if (length >= 0) {
                attributes.put(attribute, bytes(length));
            } else if (length != -ENODATA) {
                throw new PosixException(
                        "cannot read extended attribute " + ByteNames.display(attribute), (int) -length);
            }
        }
        return attributes;
    }

    int setAttribute(int folder, String path, String attribute, byte[] value) {
        MemorySegment cPath = first("/proc/self/fd/" + folder + "/" + path);
        MemorySegment cName = second(attribute);
        MemorySegment.copy(value, 0, buffer, ValueLayout.JAVA_BYTE, 0, value.length);
        try {
            return result((int) LSETXATTR.invokeExact(state, cPath, cName, buffer, (long) value.length, 0));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int makeDirectory(int folder, String path, int mode) {
        MemorySegment cPath = first(path);
        try {
            return result((int) MKDIRAT.invokeExact(state, folder, cPath, mode));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int unlink(int folder, String path, int flags) {
        MemorySegment cPath = first(path);
        try {
            return result((int) UNLINKAT.invokeExact(state, folder, cPath, flags));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int makeSymbolicLink(String target, int folder, String path) {
        MemorySegment cPath = first(path);
        MemorySegment cTarget = second(target);
        try {
            return result((int) SYMLINKAT.invokeExact(state, cTarget, folder, cPath));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A second name for a file; a symbolic link is linked itself, never what it points to. */
    int makeHardLink(int fromFolder, String from, int folder, String path) {
        MemorySegment cPath = first(path);
        MemorySegment cFrom = second(from);
        try {
            return result((int) LINKAT.invokeExact(state, fromFolder, cFrom, folder, cPath, 0));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Gives a name of a folder another name in it, in place of what has that one. */
    int rename(int folder, String from, String to) {
        MemorySegment cTo = first(to);
        MemorySegment cFrom = second(from);
        try {
            return result((int) RENAMEAT.invokeExact(state, folder, cFrom, folder, cTo));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A fifo or device. Packing of the number: makedev(3) of Linux. */
    int makeNode(int folder, String path, int mode, long major, long minor) {
        MemorySegment cPath = first(path);
        long device = (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | (minor & 0xff) | (minor & ~0xffL) << 12;
        try {
            return result((int) MKNODAT.invokeExact(state, folder, cPath, mode, device));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int changeOwner(int folder, String path, long uid, long gid) {
        MemorySegment cPath = first(path);
        try {
            return result((int) FCHOWNAT.invokeExact(state, folder, cPath, (int) uid, (int) gid, AT_SYMLINK_NOFOLLOW));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int changeMode(int descriptor, int mode) {
        try {
            return result((int) FCHMOD.invokeExact(state, descriptor, mode));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Follows symbolic links: only for a name that this process has just made as something else. */
    int changeMode(int folder, String path, int mode) {
        MemorySegment cPath = first(path);
        try {
            return result((int) FCHMODAT.invokeExact(state, folder, cPath, mode, 0));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Sets access and modification time. */
    int changeTime(int folder, String path, FileTime time) {
        MemorySegment cPath = first(path);
        for (long at = 0; at < 32; at += 16) {
            times.set(LONG, at, time.seconds());
            times.set(LONG, at + 8, time.nanoseconds());
        }
        try {
            return result((int) UTIMENSAT.invokeExact(state, folder, cPath, times, AT_SYMLINK_NOFOLLOW));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    boolean isRoot() {
        try {
            return (int) GETEUID.invokeExact(state) == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    Optional<String> userName(long uid) {
        synchronized (Posix.class) { // the C library answers from one static place
            try {
                return nameBehind((MemorySegment) GETPWUID.invokeExact(state, (int) uid));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }

    Optional<String> groupName(long gid) {
        synchronized (Posix.class) {
            try {
                return nameBehind((MemorySegment) GETGRGID.invokeExact(state, (int) gid));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }

    /** The name is the first member of struct passwd and of struct group. */
    private static Optional<String> nameBehind(MemorySegment structure) {
        if (structure.address() == 0) {
            return Optional.empty();
        }
        MemorySegment text = structure.reinterpret(POINTER.byteSize()).get(POINTER, 0);
        return Optional.of(terminated(text.reinterpret(4096), 0, 4096));
    }

    static String describe(int code) {
        try (Arena arena = Arena.ofConfined()) {
            synchronized (Posix.class) {
                MemorySegment text = (MemorySegment) STRERROR.invokeExact(arena.allocate(CALL_STATE), code);
                return terminated(text.reinterpret(4096), 0, 4096);
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private byte[] bytes(long length) {
        byte[] bytes = new byte[(int) length];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        return bytes;
    }

    private MemorySegment first(String text) {
        if (text.length() >= name.byteSize()) {
            name = arena.allocate(text.length() * 2L);
        }
        return put(text, name);
    }

    private MemorySegment second(String text) {
        if (text.length() >= secondName.byteSize()) {
            secondName = arena.allocate(text.length() * 2L);
        }
        return put(text, secondName);
    }

    private static MemorySegment put(String text, MemorySegment segment) {
        byte[] bytes = ByteNames.bytes(text);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        segment.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        return segment;
    }

    private int result(int returned) {
        return returned == -1 ? -(int) ERRNO.get(state, 0L) : returned;
    }

    private long result(long returned) {
        return returned == -1 ? -(int) ERRNO.get(state, 0L) : returned;
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a call of the C library threw", e);
    }
}
