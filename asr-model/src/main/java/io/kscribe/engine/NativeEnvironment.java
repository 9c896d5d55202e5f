package io.kscribe.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's one environment of the process, which says errors only, and stays for as long as the process does.
 *
 * <p>ONNX Runtime lets go of it in a shutdown hook. Hooks run while all other threads still do, and one that decodes then reads memory that
 * has been freed: the process dies of SIGSEGV instead of ending (ONNX Runtime's issue 31352). The environment counts who holds it. So
 * it is held once more here, for good; the system takes it back with the process.
 */
public final class NativeEnvironment {
    private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
    private static final String NAME = "kscribe";
    private static final Logger log = LoggerFactory.getLogger(NativeEnvironment.class);

    private NativeEnvironment() {}

    /** The environment; made at the first call, by when {@link NativeLibraries} must know where it is to be loaded from. */
    public static OrtEnvironment get() {
        return Holder.ENVIRONMENT;
    }

    private static final class Holder {
        private static final OrtEnvironment ENVIRONMENT = heldForGood();

        private static OrtEnvironment heldForGood() {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(LEVEL, NAME);
            try {
                // By reflection: Java's class is made once only, and what it is made with is private.
                Method hold =
                        OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
                hold.setAccessible(true);
                Field runtime = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
                runtime.setAccessible(true);
                hold.invoke(null, runtime.getLong(null), LEVEL.getValue(), NAME);
            } catch (ReflectiveOperationException | RuntimeException changed) {
                log.warn(
                        "A process that ends while it decodes may crash: ONNX Runtime cannot be held ({})",
                        changed.toString());
            }
            return environment;
        }
    }
}
