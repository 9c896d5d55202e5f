package io.kscribe.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the section of {@code kscribe.yaml} that a class's options are in. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Section {

    /** As in {@code http}, whose option {@code --http-port} has the key {@code http.port}. */
    String value();
}
