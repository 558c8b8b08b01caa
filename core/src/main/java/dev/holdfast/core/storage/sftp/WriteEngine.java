package dev.holdfast.core.storage.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.connection.channel.direct.SessionFactory;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;

/** sshj's engine and one request more: a write whose bytes go to the channel from where they lie, not copied into a packet. */
final class WriteEngine extends SFTPEngine {
    WriteEngine(SessionFactory ssh) throws IOException {
        super(ssh);
    }

    /** Returns when the bytes are sent or copied, so that the array may be used again; the answer comes later. */
    Promise<Response, SFTPException> write(byte[] handle, long offset, byte[] from, int start, int bytes)
            throws IOException {
        Request head =
                newRequest(PacketType.WRITE).putBytes(handle).putUInt64(offset).putUInt32(bytes);
        Promise<Response, SFTPException> promise = reader.expectResponseTo(head.getRequestID());
        int headBytes = head.available();
        byte[] framed = ByteBuffer.allocate(Integer.BYTES + headBytes)
                .putInt(headBytes + bytes)
                .put(head.array(), head.rpos(), headBytes)
                .array();
        synchronized (this) { // as all other requests are sent
            out.write(framed, 0, framed.length);
            out.write(from, start, bytes);
            out.flush();
        }
        return promise;
    }
}
