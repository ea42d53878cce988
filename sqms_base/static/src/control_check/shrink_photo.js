const LONGEST = 1600;

/**
 * A photo small enough for a slow network, as `{name, data}` with the picture in base64.
 *
 * Drawn anew: where it was taken, and with which telephone, does not come along. A picture that the browser cannot draw
 * is sent as it is; the server looks at it anyway.
 */
export async function shrinkPhoto(file) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        return { name: file.name, data: await base64Of(file) };
    }
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return { name: `${file.name.replace(/\.[^.]*$/, "")}.jpg`, data: await base64Of(blob || file) };
}

function base64Of(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1] || "");
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}
