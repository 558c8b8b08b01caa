package dev.holdfast.core.chunk;

/**
 * FastCDC with normalized chunking (Xia et al., USENIX ATC 2016 and IEEE TPDS 2020): at least 512 KiB, aimed at 1 MiB,
 * at most 4 MiB.
 *
 * <p>The gear hash is {@code h = 2h + gear[byte]} over 64 bits, started at 0 with the byte after the minimum. Up to the target a
 * cut needs the top 22 bits to be zero, after it the top 18 (normalization level 2). The gear table is secret to the repository, so that chunk
 * lengths do not tell which known file was stored.
 */
final class FastCdc implements Cutter {
    static final int MIN_BYTES = 512 << 10;
    static final int TARGET_BYTES = 1 << 20;

    private static final long MASK_BEFORE_TARGET = -1L << (64 - 22);
    private static final long MASK_AFTER_TARGET = -1L << (64 - 18);

    private final long[] gear;

    FastCdc(long[] gear) {
        if (gear.length != 256) {
            throw new IllegalArgumentException("gear table must have 256 values");
        }
        this.gear = gear.clone();
    }

    @Override
    public int cut(byte[] bytes, int offset, int length) {
        int end = Math.min(length, Chunking.MAX_BYTES);
        int target = Math.min(end, TARGET_BYTES);
        long hash = 0;
        int i = MIN_BYTES;
        for (; i < target; i++) {
            hash = (hash << 1) + gear[bytes[offset + i] & 0xff];
            if ((hash & MASK_BEFORE_TARGET) == 0) {
                return i + 1;
            }
        }
        for (; i < end; i++) {
            hash = (hash << 1) + gear[bytes[offset + i] & 0xff];
            if ((hash & MASK_AFTER_TARGET) == 0) {
                return i + 1;
            }
        }
        return length >= Chunking.MAX_BYTES ? Chunking.MAX_BYTES : NO_CUT;
    }
}
