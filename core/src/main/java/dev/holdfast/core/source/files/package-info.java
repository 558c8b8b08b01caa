/**
 * Folders of the host as a source, as a POSIX pax tar, and back.
 *
 * <p>The JDK's file API cannot do this faithfully: it decodes names by the locale and loses those that do not fit, sees no attributes
 * outside {@code user.*}, no holes and no devices, and cannot open a file relative to a folder without following links. So
 * the C library is called directly ({@code java.lang.foreign}; the JVM wants {@code --enable-native-access} or the manifest's
 * {@code Enable-Native-Access}). Linux on x86-64 and AArch64 only.
 *
 * <p>Kept: names byte for byte, numeric owners and their names, modes with setuid, setgid and sticky, modification times to the
 * nanosecond, symbolic and hard links, fifos, devices, holes, extended attributes with POSIX ACLs and file capabilities. Not
 * kept: access, change and birth times, the flags of {@code chattr}, sockets, project quotas.
 */
@NullMarked
package dev.holdfast.core.source.files;

import org.jspecify.annotations.NullMarked;
