package io.kscribe.limits;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what a component of a record of limits limits. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Limit {

    /** What is limited, to go on after its name: {@code how long a chunk may wait for Kafka}. */
    String value();

    /** What is counted; of a {@link java.time.Duration} nothing. */
    String unit() default "";
}
