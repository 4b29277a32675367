const B='http://127.0.0.1:3901';
const f=await (await fetch(B+'/signin')).text(); const a=f.match(/action="(\/api\/sign_in\d*)"/)[1];
const r=await fetch(B+a,{method:'POST',redirect:'manual',headers:{origin:B,accept:'text/html',referer:B+'/signin'},body:new URLSearchParams({'form[email]':'admin@demo.test','form[password]':'prodmatic-demo','form[next]':'/'})});
const c=r.headers.getSetCookie().map(x=>x.split(';')[0]).join('; ');
const t=await (await fetch(B+process.argv[2],{headers:{cookie:c,accept:'text/html'}})).text();
const i=t.indexOf('id="content"'); console.log(t.slice(i, i+ +process.argv[3]));
