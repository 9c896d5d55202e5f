package io.kscribe.process;

import java.lang.reflect.Proxy;

/**
 * The signals by which a system asks a process to end. Java left to itself runs its shutdown hooks, all at once and beside everything that
 * is at work, and ends with {@link #status}.
 *
 * <p>By reflection, because javac refuses {@code sun.misc.Signal}, of which Java has no other form.
 */
public enum Signal {
    /** The terminal has gone. */
    HUP(1),
    /** Ctrl-C. */
    INT(2),
    /** {@code kill}, and whoever runs services. */
    TERM(15);

    private static final int STATUS_OF_SIGNALS = 128;

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The exit status of a process that a signal has ended. */
    public int status() {
        return STATUS_OF_SIGNALS + number;
    }

    /** What is done with a signal; gives back what was done before. */
    @FunctionalInterface
    public interface Handled {
        /** Handles the signal as before. Idempotent. */
        void asBefore();
    }

    /**
     * Has something done when the signal comes, instead of what Java does.
     *
     * @param action called by a thread of its own each time
     * @throws UnsupportedOperationException if the system does not know the signal, or Java was started to leave signals alone
     */
    public Handled handle(Runnable action) {
        try {
            Class<?> handler = handlerClass();
            return set(Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "equals" -> {
                                return proxy == args[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(proxy);
                            }
                            default -> {
                                return action.toString();
                            }
                        }
                        return null;
                    }));
        } catch (ReflectiveOperationException impossible) {
            throw new UnsupportedOperationException(this + " cannot be handled", impossible);
        }
    }

    /**
     * Has nothing done when the signal comes.
     *
     * @throws UnsupportedOperationException as for {@link #handle}
     */
    public Handled ignore() {
        try {
            return set(handlerClass().getField("SIG_IGN").get(null));
        } catch (ReflectiveOperationException impossible) {
            throw new UnsupportedOperationException(this + " cannot be ignored", impossible);
        }
    }

    private Handled set(Object handler) throws ReflectiveOperationException {
        Object before = exchange(handler);
        return () -> {
            try {
                exchange(before);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(this + " could be handled, and cannot be any more", impossible);
            }
        };
    }

    private Object exchange(Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, handlerClass())
                .invoke(null, signal.getConstructor(String.class).newInstance(name()), handler);
    }

    private static Class<?> handlerClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
    }
}
