package dev.holdfast.shim.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGHUP. The JDK has no supported way to hear of it, but {@code sun.misc.Signal}, which its module {@code jdk.unsupported} exports for programs like this
 * one (JEP 260). It is called by name, because the compiler warns of it and nothing turns that warning off.
 */
public final class Hangup {
    private Hangup() {}

    /** Runs {@code what} at each SIGHUP, in a thread of its own; without it the JVM would end. */
    public static void listen(Runnable what) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler heard = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    what.run();
                    return null;
                }
                return method.invoke(what, arguments);
            };
            Object listener = Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, heard);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), listener);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot hear SIGHUP", e);
        }
    }
}
